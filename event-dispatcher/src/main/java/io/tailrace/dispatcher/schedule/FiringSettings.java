package io.tailrace.dispatcher.schedule;

import java.time.Duration;

/**
 * Which firings are too late.
 *
 * @param inTime how late a firing may be decided without being a missed one
 * @param catchUp how far back missed firings are made good, each of them, where a schedule asks for that
 */
public record FiringSettings(Duration inTime, Duration catchUp) {}
