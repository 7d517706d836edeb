package io.tailrace.systemtests.chaos.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Signs tokens (RFC 7519, ES256) as {@code ./tailrace token} does, by the hundred: a JVM for each would be the largest load
 * of a run. Thread-safe.
 */
public final class Tokens {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrivateKey key;
    private final String keyId;

    /** Tokens signed by the first key of a JWK set (RFC 7517). */
    public Tokens(Path keys) throws IOException {
        JsonNode jwk = JSON.readTree(keys.toFile()).path("keys").path(0);
        keyId = jwk.path("kid").asText();
        try {
            AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
            curve.init(new ECGenParameterSpec("secp256r1"));
            BigInteger secret = new BigInteger(
                    1, Base64.getUrlDecoder().decode(jwk.path("d").asText()));
            key = KeyFactory.getInstance("EC")
                    .generatePrivate(new ECPrivateKeySpec(secret, curve.getParameterSpec(ECParameterSpec.class)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("the first key of " + keys + " is no EC key", e);
        }
    }

    /**
     * A token.
     *
     * @param subject its bearer
     * @param subscribe channels that it may read
     * @param publish channels that it may write
     * @param expiresAtMs its end, milliseconds since 1970
     */
    public String issue(String subject, Collection<String> subscribe, Collection<String> publish, long expiresAtMs) {
        return issue(subject, List.of(), subscribe, publish, expiresAtMs);
    }

    /** The same with roles. */
    public String issue(
            String subject,
            Collection<String> roles,
            Collection<String> subscribe,
            Collection<String> publish,
            long expiresAtMs) {
        return sign(
                Map.of("alg", "ES256", "typ", "JWT", "kid", keyId),
                Map.of(
                        "iss",
                        "tailrace",
                        "sub",
                        subject,
                        "roles",
                        roles,
                        "channels",
                        Map.of("subscribe", subscribe, "publish", publish),
                        "iat",
                        System.currentTimeMillis() / 1000,
                        "exp",
                        expiresAtMs / 1000,
                        "jti",
                        UUID.randomUUID().toString()));
    }

    /** A head and claims as they are, truly signed by ES256, whatever the head says. */
    public String sign(Map<String, Object> head, Map<String, Object> claims) {
        try {
            String signed = part(head) + "." + part(claims);
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + base64(signature.sign());
        } catch (JsonProcessingException | GeneralSecurityException e) {
            throw new IllegalStateException("the key " + keyId + " does not sign", e);
        }
    }

    /** The id of the key. */
    public String keyId() {
        return keyId;
    }

    private static String part(Object json) throws JsonProcessingException {
        return base64(JSON.writeValueAsBytes(json));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
