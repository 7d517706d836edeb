package io.tailrace.contracts.event;

import java.time.Instant;
import java.util.List;

/**
 * Somebody searches personal data. Key: {@code actor/event}.
 *
 * @param actor the subject of the token
 * @param roles the roles that the token named
 * @param index what is searched
 * @param asked the question as JSON text: {@code {"q", "fields"}} or {@code {"query"}}; {@code {"erased":true}} when
 *     it asked for somebody who was erased since
 * @param limit the most results asked for
 * @param laterPage whether this goes on with an earlier search
 * @param at when
 */
public record IndexSearched(
        String actor, List<String> roles, String index, String asked, int limit, boolean laterPage, Instant at) {
    /** Copies the roles. */
    public IndexSearched {
        roles = List.copyOf(roles);
    }
}
