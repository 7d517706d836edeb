/** What the cursor codec promises, as properties and as pinned texts. */
@NullMarked
package io.tailrace.contracts.cursor;

import org.jspecify.annotations.NullMarked;
