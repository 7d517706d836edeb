package io.tailrace.ingest.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.tailrace.ingest.account.Accounts.SignedIn;
import io.tailrace.kit.security.TokenSettings;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Signs access tokens for people: RFC 7519, ES256. Their channels are the person's own; what else somebody may read follows
 * from the namespaces. Thread-safe.
 */
@Singleton
final class AccessTokens {
    private final SigningKeys keys;
    private final String issuer;
    private final Duration ttl;

    AccessTokens(SigningKeys keys, TokenSettings tokens, SessionSettings settings) {
        this.keys = keys;
        this.issuer = tokens.issuer();
        this.ttl = settings.accessTtl();
    }

    /** How long a token holds. */
    Duration ttl() {
        return ttl;
    }

    /** A token that holds from {@code now} on. */
    String issue(SignedIn person, Instant now) {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject(person.id().toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(ttl)))
                .jwtID(UUID.randomUUID().toString())
                .claim("roles", person.roles())
                .claim(
                        "channels",
                        Map.of(
                                "subscribe",
                                List.of("feed:" + person.id(), "user:" + person.id()),
                                "publish",
                                List.of()))
                .build();
        SigningKeys.Keys current = keys.current();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(current.algorithm()).keyID(current.id()).build(), claims);
        try {
            token.sign(current.signer());
        } catch (JOSEException e) {
            throw new IllegalStateException("a token could not be signed", e);
        }
        return token.serialize();
    }
}
