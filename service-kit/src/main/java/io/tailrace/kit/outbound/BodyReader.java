package io.tailrace.kit.outbound;

import java.time.Duration;
import java.util.Optional;

/** Takes the body of a successful answer while it arrives, on the thread that waits for it. */
@FunctionalInterface
public interface BodyReader {
    /**
     * Takes bytes; where they are cut has no meaning.
     *
     * @param bytes the first {@code length} of them are new; used again after the call
     * @return how long the server may say nothing from now on; empty if no more is wanted, which ends the request
     * @throws InterruptedException if the thread was interrupted
     */
    Optional<Duration> read(byte[] bytes, int length) throws InterruptedException;
}
