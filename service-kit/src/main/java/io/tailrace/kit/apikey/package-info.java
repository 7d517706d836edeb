/**
 * API keys: how they are written, where they are kept, which are good, and the command that makes and revokes them.
 */
@NullMarked
package io.tailrace.kit.apikey;

import org.jspecify.annotations.NullMarked;
