package io.tailrace.standalone.service;

import io.tailrace.standalone.token.TokenIssuer;
import io.tailrace.standalone.token.TokenRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** The token of a service account of this composition, made again before it ends. Thread-safe. */
final class ServiceToken implements Supplier<String> {
    private static final Duration LIFETIME = Duration.ofMinutes(30);
    private static final Duration RENEWAL = Duration.ofMinutes(10);

    private final TokenIssuer issuer;
    private final String subject;
    private final String role;
    private String token = "";
    private Instant renewAt = Instant.MIN;

    ServiceToken(TokenIssuer issuer, String subject, String role) {
        this.issuer = issuer;
        this.subject = subject;
        this.role = role;
    }

    @Override
    public synchronized String get() {
        Instant now = issuer.clock().instant();
        if (!now.isBefore(renewAt)) {
            token = issuer.issue(new TokenRequest(subject, List.of(role), List.of(), List.of(), LIFETIME));
            renewAt = now.plus(RENEWAL);
        }
        return token;
    }
}
