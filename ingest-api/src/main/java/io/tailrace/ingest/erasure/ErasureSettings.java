package io.tailrace.ingest.erasure;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How erasures go on. Immutable.
 *
 * @param pollInterval how often a process looks for one that is due
 * @param retention how long the state of one that is done can be asked for; it says nothing about who it was
 */
@ConfigurationProperties("tailrace.erasures")
public record ErasureSettings(
        @Bindable(defaultValue = "2s") Duration pollInterval, @Bindable(defaultValue = "30d") Duration retention) {}
