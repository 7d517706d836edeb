/**
 * Caches of what projections hold: in this process (Caffeine), then in Redis, then the source. The log says what is out of date, so
 * that no answer of Redis is ever trusted by itself. What is cached, and how it is read from its source, is its owner's.
 */
@NullMarked
package io.tailrace.kit.cache;

import org.jspecify.annotations.NullMarked;
