package io.tailrace.search.index;

/**
 * An index as it exists now.
 *
 * @param alias the name to read and write by
 * @param index the index behind it
 * @param uuid what Elasticsearch called it when it was created: an index that is deleted and created again has another
 *     one, and is empty
 */
public record Incarnation(String alias, String index, String uuid) {}
