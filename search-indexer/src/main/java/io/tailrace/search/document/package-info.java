/**
 * What a record of the log means for an index: which documents there are, and how they are searched. Pure: no Kafka
 * type, no Elasticsearch type, no clock.
 */
@NullMarked
package io.tailrace.search.document;

import org.jspecify.annotations.NullMarked;
