/**
 * What a record of the log means for a table: the vocabulary that every projection shares. Pure: no Kafka type, no
 * JDBC, no clock.
 */
@NullMarked
package io.tailrace.projections.projection;

import org.jspecify.annotations.NullMarked;
