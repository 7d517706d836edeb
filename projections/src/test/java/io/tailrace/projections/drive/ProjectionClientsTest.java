package io.tailrace.projections.drive;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.backends.FaultyConsumers;
import io.tailrace.backends.FaultyConsumers.Fault;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.Condition;
import io.tailrace.projections.testing.TestBroker;
import io.tailrace.projections.testing.TestProjection;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a projection whose consumer fails, with a real broker and a real database. */
@Timeout(300)
@Tag("server")
class ProjectionClientsTest {
    private final CountedTopic log = new CountedTopic();
    private final Clients clients = new Clients();

    private static final class Clients extends KafkaClients {
        private final FaultyConsumers consumers = new FaultyConsumers(() -> super.consumer("counted"));

        Clients() {
            super(TestBroker.shared().settings(), TestProjection.SETTINGS);
        }

        @Override
        public Consumer<byte[], byte[]> consumer(String projection) {
            return consumers.get();
        }
    }

    @BeforeAll
    static void createDeadLetters() {
        TestBroker.shared().createIfMissing(Topics.DEAD_LETTERS, 1);
    }

    @Test
    void copiesWhenAConsumerCanBeMadeAtLast() {
        List<String> expected = log.publish(5);
        clients.consumers.fail(Fault.CONSTRUCTION);
        try (TestProjection projection = log.startProjection(clients)) {
            awaitRetrying(projection);

            clients.consumers.fail(Fault.NONE);

            log.awaitEnd();
            assertThat(log.applied()).isEqualTo(expected);
            awaitWell(projection);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"POLL", "POLL_BY_ERROR"})
    void goesOnWhereItWasWithAConsumerThatPolls(Fault fault) {
        List<String> expected = new ArrayList<>(log.publish(5));
        try (TestProjection projection = log.startProjection(clients)) {
            log.awaitEnd();
            if (fault == Fault.POLL) {
                // Not with the error, which would be lost behind it.
                clients.consumers.failToClose();
            }

            clients.consumers.fail(fault);
            awaitRetrying(projection);
            clients.consumers.fail(Fault.CONSTRUCTION);
            double failures = projection.counter("tailrace.projection.failures");
            Eventually.holds(
                    "another failure", () -> projection.counter("tailrace.projection.failures") > failures + 1);
            expected.addAll(log.publish(5));
            clients.consumers.fail(Fault.NONE);

            log.awaitEnd();
            assertThat(log.applied()).isEqualTo(expected);
            awaitWell(projection);
        }
    }

    private static void awaitRetrying(TestProjection projection) {
        Eventually.holds("health shows it", () -> projection.condition() instanceof Condition.Retrying);
    }

    private static void awaitWell(TestProjection projection) {
        Eventually.holds("it is well", () -> projection.condition() instanceof Condition.Running);
    }
}
