/**
 * Gives the records of topics from before their facts could be erased keys of their own, so that the topics can be compacted
 * without a record being lost. See {@code docs/decisions/0038}.
 */
@NullMarked
package io.tailrace.ingest.rekey;

import org.jspecify.annotations.NullMarked;
