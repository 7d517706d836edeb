package io.tailrace.kit.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.configuration.kafka.annotation.KafkaClient;
import io.micronaut.configuration.kafka.config.KafkaDefaultConfiguration;
import io.micronaut.configuration.kafka.health.KafkaHealthIndicator;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Primary;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.env.Environment;
import io.micronaut.health.HealthStatus;
import io.micronaut.inject.qualifiers.Qualifiers;
import io.micronaut.management.health.indicator.HealthResult;
import io.tailrace.backends.Eventually;
import io.tailrace.backends.LateName;
import io.tailrace.backends.RealBroker;
import io.tailrace.kit.boot.ServiceBoot;
import io.tailrace.kit.consume.LoopHealth;
import io.tailrace.kit.kafka.ClientOnDemand;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.testing.TestBroker;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

/** What micronaut-kafka's beans are with the platform's settings, with a real broker. */
@Timeout(300)
@SuppressWarnings("NullAway.Init")
@Tag("server")
class KafkaBeansTest {
    private static final String NAME = "probe-producer";

    private static RealBroker broker;

    @BeforeAll
    static void start() {
        broker = TestBroker.shared();
        broker.createIfMissing("probe", 1);
    }

    @Test
    void aProducerHasThePlatformsSettingsAndThoseOfItsNameThatBreakNoPromise() {
        try (ApplicationContext context = start(
                broker.bootstrap(),
                Map.of(
                        "kafka.producers.probe-producer.batch.size",
                        "4321",
                        "kafka.producers.probe-producer.acks",
                        "0",
                        "kafka.bootstrap.servers",
                        "elsewhere:1"))) {
            Map<Object, Object> properties = context.getBean(ProducerConfiguration.class, Qualifiers.byName(NAME))
                    .getConfig();

            assertThat(properties)
                    .containsEntry("batch.size", "4321")
                    .containsEntry("acks", "all")
                    .containsEntry("enable.idempotence", true)
                    .containsEntry("bootstrap.servers", broker.bootstrap())
                    .containsEntry("max.block.ms", 2_000);
            assertThat(context.getBean(KafkaDefaultConfiguration.class).getConfig())
                    .containsEntry("bootstrap.servers", broker.bootstrap());
        }
    }

    @Test
    void aProducersNumbersAreInTheRegistryOfTheClientAlone() throws Exception {
        try (ApplicationContext context = start(broker.bootstrap(), Map.of())) {
            Producer<byte[], byte[]> producer = producer(context);
            var unused =
                    producer.send(new ProducerRecord<>("probe", new byte[1])).get();

            List<Meter> meters = meters(context, "kafka.producer.");

            assertThat(meters)
                    .extracting(meter -> meter.getId().getName())
                    .contains("kafka.producer.record-send-total", "kafka.producer.request-latency-avg")
                    .doesNotHaveDuplicates();
            assertThat(meters).allSatisfy(meter -> assertThat(meter.getId().getTag("client-id"))
                    .isEqualTo(NAME));
        }
    }

    @Test
    void aProducerIsMadeByItsFirstCallAndLaterOnesSucceedWhenTheNameResolves() throws Exception {
        LateName name = new LateName();
        try (ApplicationContext context = start(name.of(broker.bootstrap()), Map.of())) {
            Producer<byte[], byte[]> producer = producer(context);
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("probe", new byte[1])))
                    .isInstanceOf(KafkaException.class);
            assertThat(health(context).getStatus()).isEqualTo(LoopHealth.DEGRADED);

            name.appear();

            Eventually.holds("a record is taken", () -> {
                try {
                    return producer.send(new ProducerRecord<>("probe", new byte[1]))
                            .get()
                            .hasOffset();
                } catch (KafkaException e) {
                    return false;
                }
            });
            Eventually.holds("health is well", () -> health(context).getStatus().equals(HealthStatus.UP));
        }
    }

    @Test
    void aProducerThatIsBeyondRepairIsMadeAnewAndItsNumbersAreOfTheNewOne() throws Exception {
        try (ApplicationContext context = start(broker.bootstrap(), Map.of())) {
            Properties config = context.getBean(ProducerConfiguration.class, Qualifiers.byName(NAME))
                    .getConfig();
            List<Producer<byte[], byte[]>> made = new CopyOnWriteArrayList<>();
            Producer<byte[], byte[]> producer = new ClientOnDemand<Producer<byte[], byte[]>>(Producer.class, self -> {
                        Producer<byte[], byte[]> next = ProducersOnDemand.make(config, null, null, self::renew);
                        made.add(next);
                        return next;
                    })
                    .client();
            var unused =
                    producer.send(new ProducerRecord<>("probe", new byte[1])).get();
            made.getFirst().close();

            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("probe", new byte[1])))
                    .isInstanceOf(IllegalStateException.class);

            var again =
                    producer.send(new ProducerRecord<>("probe", new byte[1])).get();
            assertThat(again.hasOffset()).isTrue();
            assertThat(made).hasSize(2);
            List<Meter> connections = meters(context, "kafka.producer.connection-count");
            assertThat(connections).hasSize(1);
            // The first one has closed all of its connections.
            assertThat(value(connections.getFirst())).isPositive();
            producer.close();
        }
    }

    @Test
    void aConsumerOfAGroupHasItsOwnSettingsAndNumbersAlsoWhenItIsMadeAnew() {
        try (ApplicationContext context =
                start(broker.bootstrap(), Map.of("kafka.consumers.probe.enable.auto.commit", "true"))) {
            ConsumerBeans beans = context.getBean(ConsumerBeans.class);
            for (int round = 0; round < 2; round++) {
                try (Consumer<byte[], byte[]> consumer =
                        beans.make("probe", Map.of("group.id", "probe", "client.id", "probe-1"))) {
                    TopicPartition partition = new TopicPartition("probe", 0);
                    consumer.assign(List.of(partition));
                    consumer.seekToBeginning(List.of(partition));
                    assertThat(consumer.groupMetadata().groupId()).isEqualTo("probe");
                    List<Meter> polls = meters(context, "kafka.consumer.last-poll-seconds-ago");
                    assertThat(polls).hasSize(1);
                    var unused = consumer.poll(Duration.ZERO);
                    // Of the one that polls: an earlier one has closed and would stay as it was.
                    assertThat(value(polls.getFirst())).isBetween(0.0, 60.0);
                }
            }
            assertThat(context.createBean(ConsumerConfiguration.class, "probe", Map.of())
                            .getConfig())
                    .containsEntry("enable.auto.commit", false);
        }
    }

    private static ApplicationContext start(String bootstrap, Map<String, Object> extra) {
        Map<String, Object> all = new HashMap<>(extra);
        all.put("tailrace.http.port", -1);
        all.put("probe.producer", true);
        all.put("tailrace.kafka.bootstrap", bootstrap);
        return ServiceBoot.start("beans-test", List.of(), KafkaBeansTest.class, new String[0], all);
    }

    private static Producer<byte[], byte[]> producer(ApplicationContext context) {
        return context.getBean(Sender.class).producer();
    }

    private static HealthResult health(ApplicationContext context) {
        return Mono.from(context.getBean(KafkaHealthIndicator.class).getResult())
                .blockOptional()
                .orElseThrow();
    }

    private static List<Meter> meters(ApplicationContext context, String prefix) {
        return context.getBean(MeterRegistry.class).getMeters().stream()
                .filter(meter -> meter.getId().getName().startsWith(prefix))
                .toList();
    }

    private static double value(Meter meter) {
        return meter.measure().iterator().next().getValue();
    }

    /** Has a producer injected, as the services have. */
    record Sender(Producer<byte[], byte[]> producer) {}

    @Factory
    @Requires(property = "probe.producer")
    static final class Probe {
        @Singleton
        @Primary
        @Named(NAME)
        ProducerConfiguration configuration(Environment environment, KafkaSettings kafka) {
            return new ProducerConfiguration(environment, kafka, NAME, Duration.ofSeconds(2));
        }

        @Singleton
        Sender sender(@KafkaClient(NAME) Producer<byte[], byte[]> producer) {
            return new Sender(producer);
        }
    }
}
