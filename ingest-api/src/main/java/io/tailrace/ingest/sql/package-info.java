/**
 * What all use of PostgreSQL in this service shares: one way to say that it is away. No queries.
 */
@NullMarked
package io.tailrace.ingest.sql;

import org.jspecify.annotations.NullMarked;
