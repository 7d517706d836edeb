/**
 * Erasing a person: the account at once, then the facts in the log by tombstones, which every copy obeys, then what only this
 * service writes. See {@code docs/decisions/0040}.
 */
@NullMarked
package io.tailrace.ingest.erasure;

import org.jspecify.annotations.NullMarked;
