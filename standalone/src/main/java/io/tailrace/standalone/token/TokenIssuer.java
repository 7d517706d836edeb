package io.tailrace.standalone.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Map;
import java.util.UUID;

/**
 * Signs access tokens (RFC 7519, ES256) of the form that ingest-api gives to people. Thread-safe.
 *
 * @param key the key
 * @param clock the time of issue
 */
public record TokenIssuer(SigningKey key, InstantSource clock) {
    private static final String ISSUER = "tailrace";

    /** A signed token in its compact form. */
    public String issue(TokenRequest request) {
        Instant now = clock.instant();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .subject(request.subject())
                .claim("roles", request.roles())
                .claim("channels", Map.of("subscribe", request.subscribe(), "publish", request.publish()))
                .claim("jobs", request.jobs().isEmpty() ? null : request.jobs())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(request.lifetime())))
                .jwtID(UUID.randomUUID().toString())
                .build();
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .keyID(key.key().getKeyID())
                .build();
        SignedJWT token = new SignedJWT(header, claims);
        try {
            token.sign(new ECDSASigner(key.key()));
        } catch (JOSEException e) {
            throw new IllegalStateException(
                    "cannot sign with the key " + key.key().getKeyID(), e);
        }
        return token.serialize();
    }
}
