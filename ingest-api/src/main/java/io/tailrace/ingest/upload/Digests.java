package io.tailrace.ingest.upload;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The digests of contents. Pure. */
final class Digests {
    private Digests() {}

    static MessageDigest sha256() {
        return of("SHA-256");
    }

    /** One that every JDK has. */
    static MessageDigest of(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }
}
