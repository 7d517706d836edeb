/**
 * The indexes in Elasticsearch: that they exist as declared, and writing to them. No Kafka type and no thread.
 */
@NullMarked
package io.tailrace.search.index;

import org.jspecify.annotations.NullMarked;
