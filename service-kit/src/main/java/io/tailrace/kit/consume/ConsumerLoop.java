package io.tailrace.kit.consume;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a copy of the log up to date as a member of a consumer group. A session defines what one turn reads and writes. This class
 * decides, for all copies alike, when a new session is opened, how long to wait after a failure, and what is logged.
 *
 * <p>If a turn fails because a server is unavailable, the same session repeats it and stays a member of its group meanwhile. After any
 * exception a new session with a new consumer is opened. Both are retried as long as the process runs, with increasing pauses. One
 * thread runs the loop; its other methods may be called from any thread.
 */
public final class ConsumerLoop implements Loop {
    private final String name;
    private final Opening opening;
    private final Runnable onFailure;
    private final SupervisedLoop loop;
    private volatile @Nullable Session current;
    private volatile boolean assigned;

    /** Makes sessions. */
    @FunctionalInterface
    public interface Opening {
        /**
         * A new session with a consumer of its own.
         *
         * @param stopping whether it should come to an end
         */
        Session open(BooleanSupplier stopping) throws Exception;
    }

    /** One consumer and what is made of its records. Used by the loop's thread, but for {@link #wakeup()}. */
    public interface Session extends AutoCloseable {
        /** Polls, and applies what came. */
        Turn turn() throws Exception;

        /** Waits before a turn that failed is repeated, as {@link ConsumerLoop#rest} does. */
        void rest(long waitMs);

        /** Whether it has a partition. */
        boolean isAssigned();

        /** Ends a wait for records; from any thread. */
        void wakeup();

        @Override
        void close();
    }

    /** The outcome of a turn. */
    public sealed interface Turn {
        /**
         * The turn failed because a server is unavailable; its records are read again.
         *
         * @param cause why
         */
        record Failed(Exception cause) implements Turn {}

        /**
         * It did not fail.
         *
         * @param proven whether that proves that every server answers: a poll that brought nothing says nothing about a
         *     database
         */
        record Done(boolean proven) implements Turn {}

        /** There is nothing left for this session to do: the topic or the copy is another one. */
        record Over() implements Turn {}
    }

    /**
     * A loop; it does nothing until it is run.
     *
     * @param kind what it fills, for logs: {@code projection}
     * @param name names it among its kind, in health and threads
     * @param backoff the pauses after failures; it belongs to the loop from now on
     * @param onFailure called for each of them
     */
    public ConsumerLoop(String kind, String name, Backoff backoff, Opening opening, Runnable onFailure) {
        this.name = name;
        this.opening = opening;
        this.onFailure = onFailure;
        this.loop = new SupervisedLoop(kind + " " + name, backoff, this::consume);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Condition condition() {
        Condition condition = loop.condition();
        return condition instanceof Condition.Running && !assigned ? new Condition.Idle() : condition;
    }

    @Override
    public void stop() {
        loop.stop();
        Session session = current;
        if (session != null) {
            session.wakeup();
        }
    }

    @Override
    public void run() {
        loop.run();
    }

    private void consume(SupervisedLoop self) throws Exception {
        try (Session session = opening.open(self::isStopping)) {
            current = session;
            boolean goesOn = true;
            while (goesOn && !self.isStopping()) {
                goesOn = take(self, session);
            }
        } catch (Exception | Error e) {
            if (!self.isStopping()) {
                onFailure.run();
            }
            throw e;
        } finally {
            current = null;
            assigned = false;
        }
    }

    /** Returns whether the session goes on. */
    private boolean take(SupervisedLoop self, Session session) throws Exception {
        return switch (session.turn()) {
            case Turn.Over over -> false;
            case Turn.Failed(Exception cause) -> {
                onFailure.run();
                session.rest(self.failed(cause));
                yield true;
            }
            case Turn.Done(boolean proven) -> {
                assigned = session.isAssigned();
                if (proven) {
                    self.succeeded();
                }
                yield true;
            }
        };
    }

    /**
     * Waits. Polling meanwhile keeps the membership in the group; nothing is read.
     *
     * @param poll polls a consumer whose partitions are paused, for the given time at most
     * @param stopping ends the wait early
     * @throws IllegalStateException if it brings records, which would be lost
     */
    public static void rest(
            long waitMs, Function<Duration, ConsumerRecords<byte[], byte[]>> poll, BooleanSupplier stopping) {
        long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        for (long leftNs = 1; leftNs > 0 && !stopping.getAsBoolean(); leftNs = untilNs - System.nanoTime()) {
            ConsumerRecords<byte[], byte[]> none = poll.apply(Duration.ofNanos(leftNs));
            if (!none.isEmpty()) {
                throw new IllegalStateException("a paused consumer returned records of " + none.partitions());
            }
        }
    }
}
