package io.tailrace.contracts.webhook;

import java.util.Base64;

/**
 * A secret with which webhooks are signed, as of Standard Webhooks 1.0: {@code whsec_} and 24 to 64 bytes in Base64.
 *
 * @param text the secret as written; valid by construction
 */
public record WebhookSecret(String text) {
    private static final String PREFIX = "whsec_";
    private static final int LEAST_BYTES = 24;
    private static final int MOST_BYTES = 64;

    /**
     * Checks a secret.
     *
     * @throws IllegalArgumentException if it is none; the message does not repeat it
     */
    public WebhookSecret {
        if (!isSecret(text)) {
            throw new IllegalArgumentException(
                    "expected " + PREFIX + " and " + LEAST_BYTES + " to " + MOST_BYTES + " bytes in Base64");
        }
    }

    /** The secret of so many bytes, 24 to 64. */
    public static WebhookSecret of(byte[] bytes) {
        return new WebhookSecret(PREFIX + Base64.getEncoder().encodeToString(bytes));
    }

    private static boolean isSecret(String text) {
        if (!text.startsWith(PREFIX)) {
            return false;
        }
        try {
            int bytes = Base64.getDecoder().decode(text.substring(PREFIX.length())).length;
            return bytes >= LEAST_BYTES && bytes <= MOST_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Without what is secret. */
    @Override
    public String toString() {
        return PREFIX + "…";
    }
}
