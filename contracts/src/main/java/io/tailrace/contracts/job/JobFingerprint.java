package io.tailrace.contracts.job;

import io.tailrace.contracts.identity.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * What an {@link JobCommand.Enqueue} asks for, in eight bytes of SHA-256: two of them under one id are the same request if
 * theirs are equal. The id itself is not part of it. Pure.
 */
public final class JobFingerprint {
    private JobFingerprint() {}

    /** The fingerprint of a request. */
    public static long of(JobCommand.Enqueue command) {
        MessageDigest digest = Sha256.digest();
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
}
