package io.tailrace.kit.security;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.kit.security.Verification.Invalid;
import io.tailrace.kit.security.Verification.Reason;
import io.tailrace.kit.security.Verification.Valid;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts what became of tokens and of the readings of the keys. Thread-safe. */
final class SecurityMeters {
    private final Counter valid;
    private final Map<Reason, Counter> invalid = new EnumMap<>(Reason.class);
    private final Counter readings;
    private final Counter failedReadings;

    SecurityMeters(MeterRegistry registry) {
        valid = tokens(registry, "valid");
        for (Reason reason : Reason.values()) {
            invalid.put(reason, tokens(registry, reason.name().toLowerCase(Locale.ROOT)));
        }
        readings = readings(registry, "ok");
        failedReadings = readings(registry, "failed");
    }

    void verified(Verification verification) {
        switch (verification) {
            case Valid ignored -> valid.increment();
            case Invalid(Reason reason) -> {
                Counter counter = invalid.get(reason);
                if (counter != null) {
                    counter.increment();
                }
            }
        }
    }

    void read(boolean ok) {
        (ok ? readings : failedReadings).increment();
    }

    private static Counter tokens(MeterRegistry registry, String outcome) {
        return Counter.builder("tailrace.tokens.verified")
                .description("Tokens by what they turned out to be")
                .tag("outcome", outcome)
                .register(registry);
    }

    private static Counter readings(MeterRegistry registry, String outcome) {
        return Counter.builder("tailrace.jwks.readings")
                .description("Readings of the public keys")
                .tag("outcome", outcome)
                .register(registry);
    }
}
