package io.tailrace.ingest.attempt;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How often somebody may guess a password. Each of the three counts of failures sinks evenly, by its whole size in
 * {@code window}; above its size every failure doubles the pause before the next attempt. Immutable.
 *
 * @param pairFailures failures at one account from one address without a pause
 * @param accountFailures failures at one account from all addresses together without a pause
 * @param addressFailures failures from one address at all accounts together without a pause
 * @param firstPause the first pause
 * @param longestPause the longest pause for an address, and for an account at an address
 * @param longestAccountPause the longest pause for an account from all addresses; short, because it keeps its owner out too
 * @param window in which a count sinks by its size
 */
@ConfigurationProperties("tailrace.sign-in")
public record SignInSettings(
        @Bindable(defaultValue = "10") int pairFailures,
        @Bindable(defaultValue = "100") int accountFailures,
        @Bindable(defaultValue = "100") int addressFailures,
        @Bindable(defaultValue = "1s") Duration firstPause,
        @Bindable(defaultValue = "15m") Duration longestPause,
        @Bindable(defaultValue = "30s") Duration longestAccountPause,
        @Bindable(defaultValue = "1h") Duration window) {
    /** Checks the ranges. */
    public SignInSettings {
        if (pairFailures < 1 || accountFailures < 1 || addressFailures < 1) {
            throw new IllegalArgumentException("tailrace.sign-in: pair-failures " + pairFailures
                    + ", account-failures " + accountFailures + ", address-failures " + addressFailures
                    + "; expected at least 1");
        }
        if (firstPause.toMillis() < 1
                || longestPause.compareTo(firstPause) < 0
                || longestAccountPause.compareTo(firstPause) < 0
                || window.toMillis() < 1) {
            throw new IllegalArgumentException("tailrace.sign-in: first-pause " + firstPause + ", longest-pause "
                    + longestPause + ", longest-account-pause " + longestAccountPause + ", window " + window
                    + "; expected times, and no pause longer than the longest");
        }
    }
}
