/**
 * Looks for what is left of a person: in every topic, table, key of Redis and index, by what is stored and not by what the code
 * believes to store.
 */
@NullMarked
package io.tailrace.ingest.erasure.check;

import org.jspecify.annotations.NullMarked;
