package io.tailrace.edge.log;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What other threads want of the tailer's. It has no bound of its own because what it holds has one: per loop and partition
 * a subscription, a release and a question, and the answers of the brokers to as many. Thread-safe.
 */
final class Commands {
    private final BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
    private final Runnable wakeup;

    /**
     * No commands.
     *
     * @param wakeup has the thread look at its commands, whatever it waits for
     */
    Commands(Runnable wakeup) {
        this.wakeup = wakeup;
    }

    void add(Runnable command) {
        waiting.add(command);
        wakeup.run();
    }

    /** Runs all that wait, on the calling thread. */
    void run() {
        for (Runnable command = waiting.poll(); command != null; command = waiting.poll()) {
            command.run();
        }
    }

    /** Waits for one and runs it. */
    void await(long timeoutMs) throws InterruptedException {
        Runnable command = waiting.poll(timeoutMs, TimeUnit.MILLISECONDS);
        if (command != null) {
            command.run();
        }
    }
}
