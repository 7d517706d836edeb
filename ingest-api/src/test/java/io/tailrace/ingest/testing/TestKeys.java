package io.tailrace.ingest.testing;

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
import java.util.UUID;

/** A signing key, its files, and tokens of service accounts and people made with it. Immutable. */
public final class TestKeys {
    private static final TestKeys SHARED = new TestKeys();

    private final ECKey key;
    private final Path signingFile;
    private final Path publicFile;

    /** A new key. */
    public TestKeys() {
        try {
            key = new ECKeyGenerator(Curve.P_256)
                    .keyID(UUID.randomUUID().toString())
                    .generate();
            Path folder = Files.createTempDirectory("keys");
            signingFile = Files.writeString(folder.resolve("signing.jwks.json"), new JWKSet(key).toString(false));
            publicFile = Files.writeString(folder.resolve("public.jwks.json"), new JWKSet(key).toString(true));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The key of the shared server. */
    public static TestKeys shared() {
        return SHARED;
    }

    /** The private key. */
    public ECKey key() {
        return key;
    }

    /** The file with the private key. */
    public Path signingFile() {
        return signingFile;
    }

    /** The file with the public key. */
    public Path publicFile() {
        return publicFile;
    }

    /** A token that may publish on the channels of these patterns. */
    public String publisher(String... patterns) {
        return sign(claims("service").claim("channels", Map.of("publish", List.of(patterns))));
    }

    /** A token of a person without an account. */
    public String person(UUID id) {
        return sign(claims(id.toString()));
    }

    /** A token of somebody who may offer shows. */
    public String organizer() {
        return sign(claims(UUID.randomUUID().toString()).claim("roles", List.of("organizer")));
    }

    /** A token of somebody who may do everything with jobs and queues. */
    public String operator() {
        return sign(claims("operator-" + UUID.randomUUID()).claim("roles", List.of("operator")));
    }

    /** A token of a service for the types of jobs of these patterns. */
    public String jobs(String... patterns) {
        return sign(claims("service-" + UUID.randomUUID()).claim("jobs", List.of(patterns)));
    }

    /** A token of a service that runs jobs of the types of these patterns. */
    public String worker(String... patterns) {
        return sign(claims("worker-" + UUID.randomUUID())
                .claim("roles", List.of("worker"))
                .claim("jobs", List.of(patterns)));
    }

    /** Claims that are right, to be spoilt. */
    public JWTClaimsSet.Builder claims(String subject) {
        return new JWTClaimsSet.Builder()
                .issuer("tailrace")
                .subject(subject)
                .expirationTime(Date.from(Instant.now().plus(Duration.ofHours(1))));
    }

    /** Signs claims. */
    public String sign(JWTClaimsSet.Builder claims) {
        try {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .keyID(key.getKeyID())
                            .build(),
                    claims.build());
            jwt.sign(new ECDSASigner(key));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
