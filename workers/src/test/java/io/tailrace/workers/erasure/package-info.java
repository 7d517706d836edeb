/** Erasures in jobs, on a real PostgreSQL. */
@NullMarked
package io.tailrace.workers.erasure;

import org.jspecify.annotations.NullMarked;
