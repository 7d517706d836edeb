package io.tailrace.kit.apikey;

import io.tailrace.contracts.identity.Sha256;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The text of a key: a prefix by which people and scanners for secrets know it, and 256 random bits. So many need no salt and no slow
 * hash: nobody can try them all. Pure.
 */
public final class ApiKeyText {
    private static final String PREFIX = "tlk_";
    private static final int RANDOM_BYTES = 32;
    private static final Pattern FORM = Pattern.compile(PREFIX + "[A-Za-z0-9_-]{43}");

    private ApiKeyText() {}

    /** A new key. */
    static String generate(SecureRandom random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Whether a text is meant as a key, well-formed or not; no JWT is. */
    public static boolean isMeant(String text) {
        return text.startsWith(PREFIX);
    }

    /** Whether a text is of the form of a key. */
    static boolean isWellFormed(String text) {
        return FORM.matcher(text).matches();
    }

    /** The SHA-256 of a key, in hexadecimal. */
    static String hash(String key) {
        return HexFormat.of().formatHex(Sha256.of(key));
    }
}
