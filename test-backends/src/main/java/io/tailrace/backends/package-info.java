/**
 * Where integration tests take real Kafka, PostgreSQL, Redis and Elasticsearch from: {@link io.tailrace.backends.Backends}
 * and its two providers. What a test does with them, schemas and topics among it, stays in the module of the test.
 */
@NullMarked
package io.tailrace.backends;

import org.jspecify.annotations.NullMarked;
