/** Texts that others sent, as they may be shown. */
@NullMarked
package io.tailrace.contracts.text;

import org.jspecify.annotations.NullMarked;
