package io.tailrace.kit.secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals secrets that a table keeps, by AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits; without a key they are kept as they
 * are. What was kept before there was a key can still be opened. Thread-safe.
 */
public final class SecretBox {
    private static final String SEALED = "v1:";
    private static final String OPEN = "v0:";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final @Nullable SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    /**
     * A box.
     *
     * @param setting what the key is called in an error
     * @param key 32 bytes in Base64, or the empty text for none
     * @throws IllegalArgumentException if it is neither; the message does not repeat it
     */
    public SecretBox(String setting, String key) {
        this.key = key.isEmpty() ? null : new SecretKeySpec(bytes(setting, key), "AES");
    }

    private static byte[] bytes(String setting, String key) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(key);
        } catch (IllegalArgumentException e) {
            bytes = new byte[0];
        }
        if (bytes.length != KEY_BYTES) {
            throw new IllegalArgumentException(setting + ": expected " + KEY_BYTES + " bytes in Base64, for example of"
                    + " \"openssl rand -base64 32\"");
        }
        return bytes;
    }

    /** Whether it has a key. */
    public boolean hasKey() {
        return key != null;
    }

    /**
     * What is kept of a secret.
     *
     * @param owner whose it is, any text: what is kept opens for nobody else
     */
    public String seal(String owner, String secret) {
        SecretKeySpec sealing = key;
        byte[] text = secret.getBytes(StandardCharsets.UTF_8);
        if (sealing == null) {
            return OPEN + Base64.getEncoder().encodeToString(text);
        }
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, sealing, nonce, owner);
            byte[] sealed = new byte[NONCE_BYTES + cipher.getOutputSize(text.length)];
            System.arraycopy(nonce, 0, sealed, 0, NONCE_BYTES);
            int written = cipher.doFinal(text, 0, text.length, sealed, NONCE_BYTES);
            if (written != sealed.length - NONCE_BYTES) {
                throw new IllegalStateException(CIPHER + ": " + written + " bytes");
            }
            return SEALED + Base64.getEncoder().encodeToString(sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(CIPHER, e);
        }
    }

    /**
     * The secret of what is kept.
     *
     * @throws IllegalArgumentException if it is not of this key or owner, or if there is no key for it
     */
    public String open(String owner, String kept) {
        if (kept.startsWith(OPEN)) {
            return new String(Base64.getDecoder().decode(kept.substring(OPEN.length())), StandardCharsets.UTF_8);
        }
        SecretKeySpec opening = key;
        if (!kept.startsWith(SEALED) || opening == null) {
            throw new IllegalArgumentException("a secret that is kept in a form for which there is no key");
        }
        try {
            byte[] sealed = Base64.getDecoder().decode(kept.substring(SEALED.length()));
            byte[] nonce = Arrays.copyOf(sealed, NONCE_BYTES);
            byte[] text = cipher(Cipher.DECRYPT_MODE, opening, nonce, owner)
                    .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
            return new String(text, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("a secret that was not kept with this key", e);
        }
    }

    private static Cipher cipher(int mode, SecretKeySpec key, byte[] nonce, String owner)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(owner.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
