/**
 * Reading a newsfeed from its projection, newest first.
 */
@NullMarked
package io.tailrace.ingest.feed;

import org.jspecify.annotations.NullMarked;
