/**
 * Applies SQL files to PostgreSQL, each once and in order: the schema, and the seeds. Depends on Flyway and on nothing
 * of Tailrace; no service's logic may enter, and no Flyway type may leave.
 */
@NullMarked
package io.tailrace.migrations;

import org.jspecify.annotations.NullMarked;
