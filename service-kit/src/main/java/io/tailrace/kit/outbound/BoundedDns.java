package io.tailrace.kit.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import okhttp3.Dns;

/**
 * Asks for names on threads of its own, because a look-up of the operating system can be neither interrupted nor given a
 * deadline. At most {@link #THREADS} look-ups run, as many requests as there may be wait, and nobody waits longer than the
 * timeout. Thread-safe; blocks.
 */
final class BoundedDns implements Dns, AutoCloseable {
    private static final int THREADS = 16;

    /** Of more addresses the rest is left out: each may cost a connect timeout. */
    private static final int MAX_ADDRESSES = 8;

    private final Dns names;
    private final Duration timeout;
    private final ThreadPoolExecutor threads;

    /**
     * Bounds a resolver.
     *
     * @param waiting how many look-ups may wait for a thread
     */
    BoundedDns(Dns names, Duration timeout, int waiting) {
        this.names = names;
        this.timeout = timeout;
        this.threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                1,
                TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(waiting),
                Thread.ofPlatform().daemon().name("outbound-dns-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public List<InetAddress> lookup(String host) throws UnknownHostException {
        Future<List<InetAddress>> answer;
        try {
            answer = threads.submit(() -> names.lookup(host));
        } catch (RejectedExecutionException e) {
            throw new UnknownHostException(host + ": too many names are being looked up");
        }
        try {
            List<InetAddress> found = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return found.subList(0, Math.min(found.size(), MAX_ADDRESSES));
        } catch (TimeoutException e) {
            throw new UnknownHostException(host + ": the name was not resolved within " + timeout.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnknownHostException(host + ": interrupted");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof UnknownHostException unknown
                    ? unknown
                    : new UnknownHostException(host + ": " + e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
