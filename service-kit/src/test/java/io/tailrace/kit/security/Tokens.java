package io.tailrace.kit.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;

/** Makes keys and tokens, good and bad ones. */
public final class Tokens {
    /** Settings of a context that has no log to read from. */
    public static final Map<String, Object> WITHOUT_LOG =
            Map.of("tailrace.erased-people.enabled", false, "tailrace.api-keys.enabled", false);

    private Tokens() {}

    public static ECKey ecKey(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    public static RSAKey rsaKey(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    public static String jwks(JWK... keys) {
        return new JWKSet(List.of(keys)).toString(true);
    }

    public static JWTClaimsSet.Builder claims(Instant now) {
        return new JWTClaimsSet.Builder()
                .issuer("tailrace")
                .subject("0190a0b0-0000-7000-8000-000000000001")
                .jwtID("token-1")
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(60)))
                .claim("roles", List.of("organizer"))
                .claim("channels", Map.of("subscribe", List.of("logs:w1:*"), "publish", List.of("chat:room")));
    }

    public static String sign(JWK key, JWTClaimsSet claims) {
        try {
            return key instanceof RSAKey rsa
                    ? sign(JWSAlgorithm.RS256, key.getKeyID(), new RSASSASigner(rsa), claims)
                    : sign(JWSAlgorithm.ES256, key.getKeyID(), new ECDSASigner(key.toECKey()), claims);
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    /** The classic: a public key, which everybody knows, used as the secret of an HMAC. */
    public static String signWithHmac(byte[] secret, String keyId, JWTClaimsSet claims) {
        try {
            return sign(JWSAlgorithm.HS256, keyId, new MACSigner(secret), claims);
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    public static String sign(
            JWSAlgorithm algorithm,
            @org.jspecify.annotations.Nullable String keyId,
            JWSSigner signer,
            JWTClaimsSet claims) {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(algorithm)
                            .type(JOSEObjectType.JWT)
                            .keyID(keyId)
                            .build(),
                    claims);
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }
}
