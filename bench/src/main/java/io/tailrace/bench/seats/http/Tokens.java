package io.tailrace.bench.seats.http;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Tokens for thousands of buyers, signed as {@code ./tailrace token} signs one. */
public final class Tokens {
    private static final Duration LIFETIME = Duration.ofHours(4);

    private final ECKey key;

    /** Tokens signed by the first key of a JWK set. */
    public Tokens(Path keys) throws IOException {
        try {
            key = JWKSet.load(keys.toFile()).getKeys().getFirst().toECKey();
        } catch (ParseException e) {
            throw new IOException(keys + " is no JWK set", e);
        }
    }

    /** A token. */
    public String issue(String subject, String... roles) {
        Instant now = Instant.now();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer("tailrace")
                .subject(subject)
                .claim("roles", List.of(roles))
                .claim("channels", Map.of("subscribe", List.of(), "publish", List.of()))
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)))
                .jwtID(UUID.randomUUID().toString())
                .build();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(), claims);
        try {
            token.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("the key " + key.getKeyID() + " does not sign", e);
        }
        return token.serialize();
    }
}
