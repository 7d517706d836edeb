package io.tailrace.ingest.seat;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * The bounds of reading seat maps. Immutable.
 *
 * @param maxBytes bytes of seat maps that may be held, those that are being made or written to readers among them; a map of
 *     200,000 seats has about 7,000,000, and room for 12,000,000 is asked for while it is made. One that finds no room is
 *     answered 503
 * @param builds seat maps that may be made at a time, each of another show; others wait
 * @param buildWait how long a request waits for a seat map to be made; then it is answered 503
 * @param maxAge after so long a seat map is made anew although no seat changed
 * @param maxReaders requests for seat maps that may be answered at a time; one more is answered 503 at once
 * @param writeTimeout how long a reader may take for a seat map; then its connection is closed
 */
@ConfigurationProperties("tailrace.seat-maps")
record SeatMapSettings(
        @Bindable(defaultValue = "67108864") long maxBytes,
        @Bindable(defaultValue = "2") int builds,
        @Bindable(defaultValue = "10s") Duration buildWait,
        @Bindable(defaultValue = "10s") Duration maxAge,
        @Bindable(defaultValue = "1000") int maxReaders,
        @Bindable(defaultValue = "60s") Duration writeTimeout) {}
