package io.tailrace.kit.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ConsumerLoopTest {
    private static final ConsumerLoop.Turn DONE = new ConsumerLoop.Turn.Done(true);
    private static final ConsumerLoop.Turn UNPROVEN = new ConsumerLoop.Turn.Done(false);
    private static final ConsumerLoop.Turn FAILED = new ConsumerLoop.Turn.Failed(new KafkaException("away"));

    private final Deque<Callable<ConsumerLoop.Turn>> turns = new ArrayDeque<>();
    private final List<String> events = new ArrayList<>();
    private final ConsumerLoop loop = new ConsumerLoop(
            "projection",
            "test",
            new Backoff(Duration.ofMillis(1), Duration.ofMillis(2), new Random(1)),
            stopping -> {
                events.add("open");
                return new Scripted();
            },
            () -> events.add("failure"));
    private boolean assigned = true;
    private boolean closeFails;

    @Test
    void aTurnThatFailsIsRepeatedByTheSameSessionAfterARest() {
        run(() -> FAILED, () -> DONE);

        assertThat(events).containsExactly("open", "failure", "rest", "close");
    }

    @Test
    void whateverIsThrownIsFollowedByANewSession() {
        closeFails = true;
        run(
                () -> {
                    throw new StackOverflowError();
                },
                () -> DONE);

        assertThat(events).startsWith("open", "close", "failure", "open");
    }

    @Test
    void aSessionWithNothingLeftToDoIsFollowedByAnotherWithoutAFailure() {
        run(ConsumerLoop.Turn.Over::new, () -> DONE);

        assertThat(events).containsExactly("open", "close", "open", "close");
    }

    @Test
    void itSaysHowItIs() {
        List<Condition> seen = new ArrayList<>();
        assigned = false;
        assertThat(loop.condition()).isEqualTo(new Condition.Idle());
        run(
                () -> DONE,
                () -> {
                    seen.add(loop.condition());
                    assigned = true;
                    return DONE;
                },
                () -> {
                    seen.add(loop.condition());
                    return FAILED;
                },
                () -> UNPROVEN,
                () -> {
                    seen.add(loop.condition());
                    return DONE;
                },
                () -> {
                    seen.add(loop.condition());
                    return DONE;
                });

        assertThat(seen)
                .hasExactlyElementsOfTypes(
                        Condition.Idle.class,
                        Condition.Running.class,
                        Condition.Retrying.class,
                        Condition.Running.class);
        assertThat(loop.condition()).isEqualTo(new Condition.Stopped());
    }

    @Test
    void whatFailsAndWorksInTurnsIsToldOnceInAMinute() {
        List<ILoggingEvent> warnings = warningsWhile(() -> run(
                () -> FAILED,
                () -> DONE,
                () -> FAILED,
                () -> DONE,
                () -> {
                    throw new IllegalStateException("a fault of ours");
                },
                () -> DONE));

        assertThat(warnings)
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .asString()
                .startsWith("projection test: keeps failing and is retried: KafkaException: away");
        assertThat(events).filteredOn("failure"::equals).hasSize(3);
    }

    @Test
    void aStopWakesASessionThatWaitsForRecordsAndIsNoFailure() {
        run(() -> {
            loop.stop();
            throw new org.apache.kafka.common.errors.WakeupException();
        });

        assertThat(events).containsExactly("open", "wakeup", "close");
    }

    @Test
    void whileItRestsNothingMayBeRead() {
        TopicPartition partition = new TopicPartition("t", 0);
        ConsumerRecords<byte[], byte[]> record = new ConsumerRecords<>(
                Map.of(partition, List.of(new ConsumerRecord<>("t", 0, 0, new byte[0], new byte[0]))), Map.of());

        assertThatThrownBy(() -> ConsumerLoop.rest(1, wait -> record, () -> false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("t-0");
    }

    @SafeVarargs
    private void run(Callable<ConsumerLoop.Turn>... script) {
        turns.addAll(List.of(script));
        loop.run();
    }

    private static List<ILoggingEvent> warningsWhile(Runnable action) {
        Logger logger = (Logger) LoggerFactory.getLogger(SupervisedLoop.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.list = new CopyOnWriteArrayList<>();
        lines.start();
        logger.addAppender(lines);
        try {
            action.run();
        } finally {
            logger.detachAppender(lines);
        }
        // Loops of other tests' threads log here, too.
        String own = Thread.currentThread().getName();
        return lines.list.stream()
                .filter(line -> line.getThreadName().equals(own))
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                .toList();
    }

    /** Takes its turns from the script; with its last one the loop stops. */
    private final class Scripted implements ConsumerLoop.Session {
        @Override
        public ConsumerLoop.Turn turn() throws Exception {
            Callable<ConsumerLoop.Turn> turn = turns.removeFirst();
            if (turns.isEmpty()) {
                ConsumerLoop.Turn last = turn.call();
                loop.stop();
                events.remove("wakeup");
                return last;
            }
            return turn.call();
        }

        @Override
        public void rest(long waitMs) {
            events.add("rest");
        }

        @Override
        public boolean isAssigned() {
            return assigned;
        }

        @Override
        public void wakeup() {
            events.add("wakeup");
        }

        @Override
        public void close() {
            events.add("close");
            if (closeFails && events.size() < 3) {
                throw new KafkaException("close");
            }
        }
    }
}
