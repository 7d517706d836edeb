package io.tailrace.kit.security;

import java.io.IOException;

/** Reads the JWKS document from where it is kept. Blocking. */
@FunctionalInterface
interface KeySource {
    /**
     * The document as it is now.
     *
     * @throws IOException if it cannot be read in time or is too large
     */
    String read() throws IOException, InterruptedException;
}
