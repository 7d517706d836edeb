/** Tests. */
@NullMarked
package io.tailrace.ingest.account;

import org.jspecify.annotations.NullMarked;
