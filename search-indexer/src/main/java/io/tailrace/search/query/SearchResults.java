package io.tailrace.search.query;

import java.util.List;
import java.util.Map;

/**
 * What was found.
 *
 * @param total how many documents match; counted exactly up to 10,000
 * @param totalIsExact whether there are exactly so many, and not at least
 * @param hits the best ones; without a query the newest
 */
public record SearchResults(long total, boolean totalIsExact, List<SearchHit> hits) {
    /**
     * A document that matches.
     *
     * @param id its id
     * @param score how well it matches; comparable within one answer
     * @param document its fields
     */
    public record SearchHit(String id, double score, Map<String, Object> document) {}
}
