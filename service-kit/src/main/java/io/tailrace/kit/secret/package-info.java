/** Secrets of others that this platform has to keep and to use: how they stand in a table. */
@NullMarked
package io.tailrace.kit.secret;

import org.jspecify.annotations.NullMarked;
