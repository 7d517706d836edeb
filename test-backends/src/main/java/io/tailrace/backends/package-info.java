/**
 * Where integration tests take real Kafka, PostgreSQL, Redis and Elasticsearch from: {@link io.tailrace.backends.Backends}
 * and its two providers, what any test does with them, and how it waits for what they do. Schemas, topics and events stay in the
 * module of the test.
 */
@NullMarked
package io.tailrace.backends;

import org.jspecify.annotations.NullMarked;
