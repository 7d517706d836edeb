package io.tailrace.projections.drive;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.Condition;
import io.tailrace.projections.testing.Faults;
import io.tailrace.projections.testing.TestBroker;
import io.tailrace.projections.testing.TestPostgres;
import io.tailrace.projections.testing.TestProjection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever dies, each record is applied once. */
@Tag("server")
class ProjectionFaultsTest {
    private final CountedTopic log = new CountedTopic();

    @BeforeAll
    static void createDeadLetters() {
        TestBroker.shared().createIfMissing(Topics.DEAD_LETTERS, 1);
    }

    @Test
    void appliesNothingTwiceWhenAnInstanceDiesBetweenCommitAndPoll() {
        // given an instance whose database connection is cut right after its first commit of rows, and never comes back
        List<String> expected = new ArrayList<>(log.publish(20));
        AtomicBoolean dead = new AtomicBoolean();
        Faults.Plan dies = new Faults.Plan() {
            @Override
            public void beforeBegin() throws SQLException {
                beforeCommit();
            }

            @Override
            public void beforeCommit() throws SQLException {
                if (dead.get()) {
                    throw new SQLException("dead");
                }
            }

            @Override
            public void afterCommit() throws SQLException {
                if (!log.applied().isEmpty()) {
                    dead.set(true);
                    throw new SQLException("dead");
                }
            }
        };
        try (TestProjection first = TestProjection.start(log.copy, Faults.on(log.dataSource(), dies))) {
            Eventually.holds(
                    "the instance is dead", () -> first.condition() instanceof Condition.Retrying && dead.get());
        }

        // when
        expected.addAll(log.publish(20));
        try (TestProjection second = log.startProjection()) {
            log.awaitEnd();
        }

        // then
        assertThat(log.applied()).isEqualTo(expected);
    }

    @Test
    void refusesTheTransactionOfAnInstanceThatWasTakenForDead() throws InterruptedException {
        // given an instance that stands still in the middle of its transaction
        CountDownLatch standing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean armed = new AtomicBoolean();
        Faults.Plan standsStill = new Faults.Plan() {
            @Override
            public void beforeBegin() {
                if (armed.compareAndSet(true, false)) {
                    standing.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }

            @Override
            public void beforeCommit() {}

            @Override
            public void afterCommit() {}
        };
        List<String> expected = new ArrayList<>(log.publish(20));
        try (TestProjection zombie = TestProjection.start(log.copy, Faults.on(log.dataSource(), standsStill))) {
            log.awaitEnd();
            armed.set(true);
            expected.addAll(log.publish(20));
            standing.await();

            // when another takes its partitions over
            try (TestProjection second = log.startProjection()) {
                log.awaitEnd();
                goOn.countDown();
                Eventually.holds("the zombie is refused", () -> zombie.counter("tailrace.projection.fenced") > 0);
                expected.addAll(log.publish(20));
                log.awaitEnd();
            }
        }

        // then
        assertThat(log.applied()).isEqualTo(expected);
    }

    @Test
    void catchesUpWhenPostgresComesBack() {
        // given
        List<String> expected = new ArrayList<>(log.publish(20));
        try (TestProjection projection = log.startProjection()) {
            log.awaitEnd();

            // when
            TestPostgres.shared().stop();
            expected.addAll(log.publish(120));
            Eventually.holds("it waits", () -> projection.condition() instanceof Condition.Retrying);
            TestPostgres.shared().start();

            // then
            log.awaitEnd();
            assertThat(log.applied()).isEqualTo(expected);
            Eventually.holds("it runs", () -> projection.condition() instanceof Condition.Running);
        }
    }

    @Test
    void startsWhilePostgresIsAway() {
        // given
        List<String> expected = log.publish(20);
        TestPostgres.shared().stop();

        // when
        try (TestProjection projection = log.startProjection()) {
            Eventually.holds("it waits", () -> projection.condition() instanceof Condition.Retrying);
            TestPostgres.shared().start();

            // then
            log.awaitEnd();
            assertThat(log.applied()).isEqualTo(expected);
        }
    }

    @Test
    void goesOnWhenTheBrokerComesBack() {
        // given
        List<String> expected = new ArrayList<>(log.publish(20));
        try (TestProjection projection = log.startProjection()) {
            log.awaitEnd();

            // when
            log.broker.stop();
            log.broker.start();
            expected.addAll(log.publish(20));

            // then
            log.awaitEnd();
            assertThat(log.applied()).isEqualTo(expected);
        }
    }

    @Test
    void readsATopicThatWasCreatedAnewFromItsStart() {
        // given
        log.publish(30);
        try (TestProjection projection = log.startProjection()) {
            log.awaitEnd();

            // when
            log.broker.delete(log.topic);
            log.broker.create(log.topic, CountedTopic.PARTITIONS);
            List<String> expected = log.publish(60);

            // then
            log.awaitEnd();
            assertThat(log.applied()).isEqualTo(expected);
            assertThat(projection.counter("tailrace.projection.rebuilds")).isEqualTo(1);
        }
    }

    @Test
    void buildsEverythingAgainWhenTheLogHasNeverHadTheLeaderEpochOfWhatWasApplied() {
        // given
        List<String> expected = new ArrayList<>(log.publish(60));
        try (TestProjection projection = log.startProjection()) {
            log.awaitEnd();
        }

        // when the log is one of a backup that has become as long as the one that was applied
        log.database.execute("update counts set n = 7; update projection_positions set leader_epoch = 99");
        try (TestProjection projection = log.startProjection()) {
            Eventually.holds("it is rebuilt", () -> projection.counter("tailrace.projection.rebuilds") == 1);
            expected.addAll(log.publish(20));
            log.awaitEnd();
        }

        // then
        assertThat(log.applied()).isEqualTo(expected);
    }

    @Test
    void buildsEverythingAgainWhenRowsAndPositionsAreDeletedUnderIt() {
        // given
        List<String> expected = new ArrayList<>(log.publish(60));
        try (TestProjection projection = log.startProjection()) {
            log.awaitEnd();

            // when
            log.database.execute("begin; delete from counts; delete from projection_positions; commit");
            expected.addAll(log.publish(CountedTopic.PARTITIONS));

            // then
            log.awaitEnd();
            assertThat(log.applied()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void appliesEachRecordOnceUnderRandomFaults(long seed) {
        // given
        List<String> expected = new ArrayList<>();
        Faults.Plan random = new RandomFaults(seed);
        TestProjection first = TestProjection.start(log.copy, Faults.on(log.dataSource(), random));
        TestProjection second = TestProjection.start(log.copy, Faults.on(log.dataSource(), random));

        // when
        for (int round = 0; round < 4; round++) {
            expected.addAll(log.publish(100));
            first.close();
            first = second;
            second = TestProjection.start(log.copy, Faults.on(log.dataSource(), random));
        }
        log.awaitEnd();
        first.close();
        second.close();

        // then
        assertThat(log.applied()).as("seed %s", seed).isEqualTo(expected);
    }

    /** One moment in five goes wrong. */
    private static final class RandomFaults implements Faults.Plan {
        private final Random random;

        RandomFaults(long seed) {
            random = new Random(seed);
        }

        @Override
        public void beforeBegin() throws SQLException {
            perhaps("away");
        }

        @Override
        public void beforeCommit() throws SQLException {
            perhaps("the commit is lost");
        }

        @Override
        public void afterCommit() throws SQLException {
            perhaps("the answer is lost");
        }

        private synchronized void perhaps(String fault) throws SQLException {
            if (random.nextInt(5) == 0) {
                throw new SQLException(fault);
            }
        }
    }
}
