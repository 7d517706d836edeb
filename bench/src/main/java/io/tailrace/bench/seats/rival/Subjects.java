package io.tailrace.bench.seats.rival;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import io.micronaut.context.annotation.Value;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.exceptions.HttpStatusException;
import jakarta.inject.Singleton;
import java.io.File;
import java.io.IOException;
import java.text.ParseException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Who asks: checks tokens, and remembers those whose signature was right, as Tailrace's services do. Thread-safe. */
@Singleton
final class Subjects {
    private static final int REMEMBERED = 10_000;
    private static final int SCHEME = "Bearer ".length();

    private final ECDSAVerifier verifier;
    private final Map<String, SignedJWT> known = new ConcurrentHashMap<>();

    Subjects(@Value("${tailrace.signing.key.file}") String keys) throws IOException, ParseException, JOSEException {
        verifier = new ECDSAVerifier(
                JWKSet.load(new File(keys)).getKeys().getFirst().toECKey().toPublicJWK());
    }

    /** The subject of a token that is valid now. */
    String of(String authorization) {
        try {
            String token = authorization.substring(SCHEME);
            SignedJWT jwt = known.get(token);
            if (jwt == null) {
                jwt = SignedJWT.parse(token);
                if (!jwt.verify(verifier)) {
                    throw new HttpStatusException(HttpStatus.UNAUTHORIZED, "the signature is wrong");
                }
                if (known.size() < REMEMBERED) {
                    known.put(token, jwt);
                }
            }
            long leftMs = jwt.getJWTClaimsSet().getExpirationTime().getTime() - System.currentTimeMillis();
            if (TimeUnit.MILLISECONDS.toSeconds(leftMs) < 0) {
                throw new HttpStatusException(HttpStatus.UNAUTHORIZED, "the token has ended");
            }
            return jwt.getJWTClaimsSet().getSubject();
        } catch (ParseException | JOSEException e) {
            throw new HttpStatusException(HttpStatus.UNAUTHORIZED, "no token");
        }
    }
}
