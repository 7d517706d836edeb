package io.tailrace.search.index;

import io.tailrace.search.document.DocumentChange;

/**
 * A change and its place in the document's history.
 *
 * @param change what
 * @param version grows with each change of the document: the record's offset plus one. A document's records are all in
 *     one partition
 */
public record VersionedChange(DocumentChange change, long version) {}
