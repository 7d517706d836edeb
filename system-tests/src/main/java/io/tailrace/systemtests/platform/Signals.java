package io.tailrace.systemtests.platform;

import java.io.IOException;

/** Signals that Java has no word for. */
public final class Signals {
    private Signals() {}

    /**
     * Sends one.
     *
     * @param signal as {@code kill} wants it, {@code -STOP} for example
     */
    public static void send(String signal, long pid) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", signal, String.valueOf(pid)).start();
        if (kill.waitFor() != 0) {
            throw new IOException("kill " + signal + " " + pid + " ended with " + kill.exitValue());
        }
    }
}
