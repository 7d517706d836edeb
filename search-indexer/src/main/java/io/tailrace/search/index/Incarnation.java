package io.tailrace.search.index;

import io.tailrace.search.document.PartStyle;

/**
 * An index as it exists now.
 *
 * @param alias the name to write by
 * @param index the index behind it
 * @param uuid what Elasticsearch called it when it was created: an index that is deleted and created again has another
 *     one, and is empty
 * @param style how parts of values are found in it
 */
public record Incarnation(String alias, String index, String uuid, PartStyle style) {}
