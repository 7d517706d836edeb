/**
 * Who follows whom: writes only. What a follow leads to is decided by those who read the log.
 */
@NullMarked
package io.tailrace.ingest.follow;

import org.jspecify.annotations.NullMarked;
