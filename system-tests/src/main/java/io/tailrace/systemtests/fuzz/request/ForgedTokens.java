package io.tailrace.systemtests.fuzz.request;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens that claim everything and must be worth nothing: unsigned, signed with what is public, signed rightly with claims
 * that are not right.
 *
 * @param tokens at least one of each kind
 */
public record ForgedTokens(List<String> tokens) {
    /**
     * Makes them.
     *
     * @param keyId of the key that signs true ones
     * @param publicKeys the text of the set of public keys, which some take for a secret
     * @param sign signs a head and claims truly
     */
    public static ForgedTokens make(
            String keyId, String publicKeys, BiFunction<Map<String, Object>, Map<String, Object>, String> sign) {
        List<String> tokens = new ArrayList<>();
        long now = System.currentTimeMillis() / 1000;
        Map<String, Object> good = claims(now + 3_600);
        for (String none : List.of("none", "None", "NONE", "")) {
            tokens.add(part("{\"alg\":\"" + none + "\",\"typ\":\"JWT\"}") + "." + part(json(good)) + ".");
            tokens.add(part("{\"alg\":\"" + none + "\",\"kid\":\"" + keyId + "\"}") + "." + part(json(good)) + ".AAAA");
        }
        for (byte[] secret : List.of(
                publicKeys.getBytes(StandardCharsets.UTF_8), new byte[] {0}, keyId.getBytes(StandardCharsets.UTF_8))) {
            String signed = part("{\"alg\":\"HS256\",\"kid\":\"" + keyId + "\"}") + "." + part(json(good));
            tokens.add(signed + "." + hmac(signed, secret));
        }
        Map<String, Object> head = Map.of("alg", "ES256", "typ", "JWT", "kid", keyId);
        tokens.add(sign.apply(Map.of("alg", "ES256", "kid", "../../dev/null"), good));
        tokens.add(sign.apply(Map.of("alg", "ES256", "kid", "' OR 1=1"), good));
        tokens.add(sign.apply(Map.of("alg", "ES384", "kid", keyId), good));
        tokens.add(sign.apply(Map.of("alg", "RS256", "kid", keyId), good));
        tokens.add(sign.apply(Map.of("alg", "ES256", "kid", keyId, "crit", List.of("b64"), "b64", false), good));
        tokens.add(sign.apply(head, claims(now - 3_600)));
        tokens.add(sign.apply(head, with(good, "iss", "somebody-else")));
        tokens.add(sign.apply(head, with(good, "iss", 7)));
        tokens.add(sign.apply(head, with(good, "nbf", now + 3_600)));
        tokens.add(sign.apply(head, with(good, "exp", "never")));
        tokens.add(sign.apply(head, with(good, "sub", List.of("a"))));
        tokens.add(sign.apply(head, with(good, "roles", "admin")));
        tokens.add(sign.apply(head, with(good, "channels", List.of("*"))));
        // ECDSA with r and s of zero, which a JDK once took for good (CVE-2022-21449).
        tokens.add(part(json(head)) + "." + part(json(good)) + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[64]));
        return new ForgedTokens(List.copyOf(tokens));
    }

    private static Map<String, Object> claims(long expiresAtS) {
        return Map.of(
                "iss",
                "tailrace",
                "sub",
                "00000000-0000-7000-8000-000000000001",
                "exp",
                expiresAtS,
                "roles",
                List.of("admin", "support", "organizer"),
                "channels",
                Map.of("subscribe", List.of("news:*", "chat:*", "logs:*:*"), "publish", List.of("news:*")));
    }

    private static Map<String, Object> with(Map<String, Object> claims, String name, Object value) {
        Map<String, Object> changed = new HashMap<>(claims);
        changed.put(name, value);
        return changed;
    }

    private static String json(Map<String, Object> claims) {
        return new com.fasterxml.jackson.databind.ObjectMapper()
                .valueToTree(claims)
                .toString();
    }

    private static String part(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String hmac(String signed, byte[] secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }
}
