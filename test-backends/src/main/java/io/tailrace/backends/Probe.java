package io.tailrace.backends;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Asks a server until it answers as it should. */
final class Probe {
    private static final Duration DEADLINE = Duration.ofSeconds(120);
    private static final long PAUSE_NS = Duration.ofMillis(20).toNanos();

    private Probe() {}

    /** Returns when {@code condition} holds; fails with {@code what} if it does not in time. */
    static void until(String what, Callable<Boolean> condition) {
        long startNs = System.nanoTime();
        Exception last = null;
        while (System.nanoTime() - startNs < DEADLINE.toNanos()) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(what, e);
            } catch (Exception e) {
                last = e;
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
        throw new IllegalStateException("not within " + DEADLINE.toSeconds() + " s: " + what, last);
    }

    /** A port of this machine that nobody has. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
