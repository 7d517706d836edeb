/**
 * Searching for people: what they may ask, what Elasticsearch is asked, and what they get. Nothing here writes.
 */
@NullMarked
package io.tailrace.search.query;

import org.jspecify.annotations.NullMarked;
