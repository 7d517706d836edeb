package io.tailrace.kit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ClientOnDemandTest {
    private static final List<TopicPartition> PARTITION = List.of(new TopicPartition("t", 0));

    private final List<MockConsumer<byte[], byte[]>> made = new ArrayList<>();

    @Test
    void aNameThatDoesNotResolveFailsTheCallAndNotTheOneWhoNeedsAClient() {
        Admin admin = new ClientOnDemand<Admin>(
                        Admin.class,
                        () -> Admin.create(
                                KafkaSettings.of("nosuchhost.invalid:9092").admin("test")))
                .client();

        assertThatThrownBy(admin::listTopics).isInstanceOf(KafkaException.class).hasStackTraceContaining("bootstrap");
        admin.close();
        assertThatThrownBy(admin::listTopics).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void isMadeByTheFirstCallAndNotByWakeupNorClose() {
        Consumer<byte[], byte[]> consumer = onDemand(this::mock).client();

        consumer.wakeup();
        assertThat(made).isEmpty();

        consumer.assign(PARTITION);
        assertThat(made).hasSize(1);
        assertThat(consumer.assignment()).containsExactlyElementsOf(PARTITION);

        consumer.close();
        assertThat(made.getFirst().closed()).isTrue();
    }

    @Test
    void closingOneThatWasNeverMadeMakesNone() {
        onDemand(this::mock).client().close();

        assertThat(made).isEmpty();
    }

    @Test
    void aRenewedOneIsAnotherEvenIfTheFirstDoesNotClose() {
        ClientOnDemand<Consumer<byte[], byte[]>> onDemand = onDemand(() -> {
            MockConsumer<byte[], byte[]> next = new MockConsumer<>("none") {
                @Override
                public synchronized void close() {
                    throw new KafkaException("close");
                }
            };
            made.add(next);
            return next;
        });
        onDemand.client().assign(PARTITION);

        onDemand.renew();

        assertThat(onDemand.client().assignment()).isEmpty();
        assertThat(made).hasSize(2);
    }

    @Test
    void whatTheClientThrowsIsWhatTheCallThrows() {
        Consumer<byte[], byte[]> consumer = onDemand(this::mock).client();
        consumer.assign(PARTITION);
        made.getFirst().updateBeginningOffsets(Map.of(PARTITION.getFirst(), 0L));
        made.getFirst().setPollException(new KafkaException("poll"));

        assertThatThrownBy(() -> consumer.poll(java.time.Duration.ZERO))
                .isInstanceOf(KafkaException.class)
                .hasMessage("poll");
    }

    @Test
    void oneThatIsClosedWhileItIsMadeIsClosedWhenItIsMade() {
        List<Consumer<byte[], byte[]>> self = new ArrayList<>();
        Consumer<byte[], byte[]> consumer = onDemand(() -> {
                    self.getFirst().close();
                    return mock();
                })
                .client();
        self.add(consumer);

        assertThatThrownBy(() -> consumer.assign(PARTITION)).isInstanceOf(IllegalStateException.class);

        assertThat(made).hasSize(1);
        assertThat(made.getFirst().closed()).isTrue();
    }

    private MockConsumer<byte[], byte[]> mock() {
        made.add(new MockConsumer<>("none"));
        return made.getLast();
    }

    private static ClientOnDemand<Consumer<byte[], byte[]>> onDemand(Supplier<Consumer<byte[], byte[]>> maker) {
        return new ClientOnDemand<>(Consumer.class, maker);
    }
}
