/**
 * {@code tailrace.channels.feed} as the table {@code feed_entries}: each person's newsfeed as it was delivered.
 */
@NullMarked
package io.tailrace.projections.feed;

import org.jspecify.annotations.NullMarked;
