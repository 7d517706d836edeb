package io.tailrace.ingest.token;

import io.tailrace.contracts.identity.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How refresh tokens are made. A successor is HMAC-SHA256 (RFC 2104) of a random salt under the token before it, so that it
 * can be given again without being stored: it takes the token, which only its owner has, and the salt, which only the
 * database has. Thread-safe.
 */
final class RefreshSecrets {
    private static final int BYTES = 32;
    private static final String HMAC = "HmacSHA256";

    private final SecureRandom random;

    RefreshSecrets(SecureRandom random) {
        this.random = random;
    }

    /** The first token of a family. */
    String first() {
        return text(bytes());
    }

    /** What makes a successor, in hex. */
    String salt() {
        return HexFormat.of().formatHex(bytes());
    }

    /** The successor of a token; the same for the same salt. */
    static String successor(String refreshToken, String salt) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(refreshToken.getBytes(StandardCharsets.UTF_8), HMAC));
            return text(mac.doFinal(HexFormat.of().parseHex(salt)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }

    /** What is stored of a token: SHA-256. */
    static byte[] hash(String refreshToken) {
        return Sha256.of(refreshToken);
    }

    private byte[] bytes() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String text(byte[] secret) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }
}
