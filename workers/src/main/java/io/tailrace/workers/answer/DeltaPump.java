package io.tailrace.workers.answer;

import io.tailrace.contracts.event.EventTypes;
import io.tailrace.kit.time.MonotonicTime;
import io.tailrace.workers.answer.DeltaBatch.Kind;
import io.tailrace.workers.answer.DeltaBatch.Piece;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes text to the channel of an answer, put together by a {@link DeltaBatch}, on a thread of its own: the one that reads may wait for the
 * provider when a batch is due. Thread-safe.
 */
final class DeltaPump {
    private final AnswerChannel channel;
    private final DeltaBatch batch;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    private boolean isClosed;
    private boolean isDropped;

    /** A pump that runs. {@link #drain} or {@link #drop} ends it. */
    DeltaPump(AnswerChannel channel, DeltaBatch batch) {
        this.channel = channel;
        this.batch = batch;
        this.thread = Thread.ofVirtual().name("answer-deltas").start(this::run);
    }

    /** Adds text. */
    void add(Kind kind, String text) {
        lock.lock();
        try {
            batch.add(kind, text);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Writes all that is left and ends. */
    void drain() throws InterruptedException {
        close(false);
        thread.join();
    }

    /** Ends without writing what is left. */
    void drop() {
        close(true);
    }

    private void close(boolean drops) {
        lock.lock();
        try {
            isClosed = true;
            isDropped |= drops;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            boolean isLast = false;
            while (!isLast) {
                List<Piece> pieces;
                lock.lock();
                try {
                    awaitDue();
                    isLast = isClosed;
                    pieces = isDropped ? List.of() : batch.take(MonotonicTime.nowMs(), isLast);
                } finally {
                    lock.unlock();
                }
                for (Piece piece : pieces) {
                    write(piece);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitDue() throws InterruptedException {
        for (long waitMs = batch.waitMs(MonotonicTime.nowMs());
                waitMs > 0 && !isClosed;
                waitMs = batch.waitMs(MonotonicTime.nowMs())) {
            if (waitMs == DeltaBatch.NOTHING) {
                changed.await();
            } else {
                var unused = changed.await(waitMs, TimeUnit.MILLISECONDS);
            }
        }
    }

    private void write(Piece piece) throws InterruptedException {
        String type =
                switch (piece.kind()) {
                    case TEXT -> EventTypes.ANSWER_DELTA;
                    case REASONING -> EventTypes.ANSWER_REASONING;
                };
        channel.write(type, Map.of("text", piece.text()));
    }
}
