package io.tailrace.ingest.job;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * The bounds of schedules over HTTP. Immutable.
 *
 * @param most the most schedules that there may be; a further one is refused. Requests at the same time may exceed it by as many as
 *     there are
 * @param defaultLimit the schedules of a page if a request does not say
 * @param maxLimit the most schedules of a page
 */
@ConfigurationProperties("tailrace.schedules")
public record SchedulesSettings(
        @Bindable(defaultValue = "10000") int most,
        @Bindable(defaultValue = "100") int defaultLimit,
        @Bindable(defaultValue = "500") int maxLimit) {}
