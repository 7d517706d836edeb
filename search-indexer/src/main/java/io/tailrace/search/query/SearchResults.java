package io.tailrace.search.query;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A page of what was found.
 *
 * @param total how many documents match; counted exactly up to 10,000
 * @param totalIsExact whether there are exactly so many, and not at least
 * @param hits the best ones; without a query the newest
 * @param next the {@code after} of the next page; null if this is the last
 */
public record SearchResults(long total, boolean totalIsExact, List<SearchHit> hits, @Nullable String next) {
    /**
     * A document that matches.
     *
     * @param id its id
     * @param score how well it matches; comparable within one answer
     * @param document its fields
     * @param highlights what matches, by field: HTML in which {@code <em>} is the only tag
     */
    public record SearchHit(
            String id, double score, Map<String, Object> document, Map<String, List<String>> highlights) {}
}
