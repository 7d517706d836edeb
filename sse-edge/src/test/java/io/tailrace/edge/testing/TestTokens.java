package io.tailrace.edge.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;

/** Tokens that the edges under test trust, and some that they don't. */
public final class TestTokens {
    private static final ECKey TRUSTED = key("trusted");
    private static final ECKey FOREIGN = key("foreign");

    private TestTokens() {}

    /** A file with the public key that edges under test verify with. */
    public static Path keys() {
        try {
            Path file = Files.createTempFile("jwks", ".json");
            file.toFile().deleteOnExit();
            return Files.writeString(file, new JWKSet(TRUSTED).toString(true));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A good token. */
    public static String token(String subject, Duration ttl, String... subscribe) {
        return sign(TRUSTED, claims(subject, Instant.now().plus(ttl), subscribe));
    }

    /** A good token with a role. */
    public static String tokenOf(String subject, String role) {
        JWTClaimsSet claims = new JWTClaimsSet.Builder(
                        claims(subject, Instant.now().plusSeconds(600)))
                .claim("roles", List.of(role))
                .build();
        return sign(TRUSTED, claims);
    }

    /** A good token that has ended. */
    public static String expired(String... subscribe) {
        return sign(TRUSTED, claims("somebody", Instant.now().minusSeconds(5), subscribe));
    }

    /** A token that another authority has signed. */
    public static String foreign(String... subscribe) {
        return sign(FOREIGN, claims("somebody", Instant.now().plusSeconds(600), subscribe));
    }

    /** A token that nobody has signed: {@code alg: none}. */
    public static String unsigned(String... subscribe) {
        return new com.nimbusds.jwt.PlainJWT(claims("somebody", Instant.now().plusSeconds(600), subscribe)).serialize();
    }

    private static JWTClaimsSet claims(String subject, Instant expiresAt, String... subscribe) {
        return new JWTClaimsSet.Builder()
                .issuer("tailrace")
                .subject(subject)
                .jwtID("test")
                .issueTime(Date.from(expiresAt.minusSeconds(3600)))
                .expirationTime(Date.from(expiresAt))
                .claim("roles", List.of())
                .claim("channels", Map.of("subscribe", List.of(subscribe), "publish", List.of()))
                .build();
    }

    private static String sign(ECKey key, JWTClaimsSet claims) {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .keyID(key.getKeyID())
                            .build(),
                    claims);
            token.sign(new ECDSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static ECKey key(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }
}
