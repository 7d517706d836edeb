package io.tailrace.contracts.job;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What an {@link JobCommand.Enqueue} asks for, in eight bytes of SHA-256: two of them under one id are the same request if
 * theirs are equal. The id itself is not part of it. Pure.
 */
public final class JobFingerprint {
    private JobFingerprint() {}

    /** The fingerprint of a request. */
    public static long of(JobCommand.Enqueue command) {
        MessageDigest digest = sha256();
        JobSpec spec = command.spec();
        add(digest, command.queue());
        add(digest, spec.type());
        add(digest, spec.priority() + " " + spec.runAt() + " " + spec.delaySeconds());
        add(digest, spec.uniqueKey() == null ? "" : spec.uniqueKey());
        add(digest, spec.uniqueSeconds() + " " + spec.maxAttempts() + " " + spec.timeoutSeconds());
        add(digest, spec.key() == null ? "" : spec.key());
        add(digest, spec.retry().firstDelayMs() + " " + spec.retry().longestDelayMs());
        spec.retry().giveUpOn().forEach(type -> add(digest, type));
        add(digest, command.payload());
        return ByteBuffer.wrap(digest.digest()).getLong();
    }

    /** A fingerprint as 16 hexadecimal digits, as on the wire. */
    public static String text(long fingerprint) {
        return HexFormat.of().toHexDigits(fingerprint);
    }

    /** The length goes first, so that what follows cannot be taken for a part of the text. */
    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
