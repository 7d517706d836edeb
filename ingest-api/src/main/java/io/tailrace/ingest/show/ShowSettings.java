package io.tailrace.ingest.show;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * The bounds of shows, and what holds where an organizer does not say. Immutable.
 *
 * @param holdSeconds how long a hold lasts, in seconds
 * @param maxHoldSeconds the longest hold, in seconds
 * @param maxSeatsPerUser how many seats one person may have, held and confirmed together
 * @param maxSections the most sections of a show
 * @param maxAhead how far ahead a show may begin
 * @param defaultLimit shows on a page that names no limit
 * @param maxLimit the most shows on a page
 * @param knownShows how many shows are remembered, so that most requests need not ask PostgreSQL
 */
@ConfigurationProperties("tailrace.shows")
public record ShowSettings(
        @Bindable(defaultValue = "300") int holdSeconds,
        @Bindable(defaultValue = "900") int maxHoldSeconds,
        @Bindable(defaultValue = "10") int maxSeatsPerUser,
        @Bindable(defaultValue = "200") int maxSections,
        @Bindable(defaultValue = "36500d") Duration maxAhead,
        @Bindable(defaultValue = "50") int defaultLimit,
        @Bindable(defaultValue = "200") int maxLimit,
        @Bindable(defaultValue = "1000") int knownShows) {}
