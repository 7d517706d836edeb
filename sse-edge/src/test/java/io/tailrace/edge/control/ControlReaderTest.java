package io.tailrace.edge.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.backends.FaultyConsumers;
import io.tailrace.backends.FaultyConsumers.Fault;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.edge.testing.TestBroker;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.Condition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(300)
@Tag("server")
class ControlReaderTest {
    private final FaultyConsumers consumers = new FaultyConsumers(TestBroker.shared()::consumer);
    private final List<String> taken = new CopyOnWriteArrayList<>();
    private final String prefix = UUID.randomUUID().toString();
    private final ControlReader reader = new ControlReader(
            consumers,
            new Backoff(Duration.ofMillis(5), Duration.ofMillis(20), new Random(1)),
            System.currentTimeMillis() - 1_000,
            this::take);

    @AfterEach
    void stop() throws InterruptedException {
        reader.stop();
    }

    @Test
    void beginsWhenAConsumerCanBeMadeAtLast() throws Exception {
        consumers.fail(Fault.CONSTRUCTION);
        reader.start();
        awaitRetrying();
        send(1);

        consumers.fail(Fault.NONE);

        awaitTaken(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"POLL", "POLL_BY_ERROR"})
    void goesOnWhereItWasWithAConsumerThatPolls(Fault fault) throws Exception {
        reader.start();
        send(1);
        awaitTaken(1);
        consumers.failToClose();

        consumers.fail(fault);
        awaitRetrying();
        send(2);
        consumers.fail(Fault.CONSTRUCTION);
        long failures = reader.loop().failures();
        Eventually.holds("another failure", () -> reader.loop().failures() > failures + 1);
        consumers.fail(Fault.NONE);

        awaitTaken(1, 2);
        Eventually.holds("it is well again", () -> reader.loop().condition() instanceof Condition.Running);
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        String text = new String(record.value(), StandardCharsets.UTF_8);
        if (text.startsWith(prefix)) {
            taken.add(text.substring(prefix.length()));
        }
    }

    private void awaitRetrying() {
        Eventually.holds("health shows it", () -> reader.loop().condition() instanceof Condition.Retrying);
    }

    private void awaitTaken(Integer... numbers) {
        Eventually.holds(List.of(numbers) + " were taken", () -> taken.size() >= numbers.length);
        assertThat(taken)
                .containsExactlyElementsOf(
                        List.of(numbers).stream().map(String::valueOf).toList());
    }

    private void send(int number) throws Exception {
        byte[] value = (prefix + number).getBytes(StandardCharsets.UTF_8);
        var unused = TestBroker.shared()
                .producer()
                .send(new ProducerRecord<>(Topics.EDGE_CONTROL, value))
                .get();
    }
}
