/**
 * What turns the indexes: consumers, their threads, retries, and the numbers that tell how it goes. What a record means
 * is decided in {@code document}.
 */
@NullMarked
package io.tailrace.search.drive;

import org.jspecify.annotations.NullMarked;
