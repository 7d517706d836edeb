/**
 * The rows of a projection and the log position that they stand for, moved in one transaction. JDBC and PostgreSQL;
 * no Kafka types and no threads.
 */
@NullMarked
package io.tailrace.projections.position;

import org.jspecify.annotations.NullMarked;
