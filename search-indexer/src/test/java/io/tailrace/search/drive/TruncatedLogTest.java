package io.tailrace.search.drive;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.backends.Eventually;
import io.tailrace.backends.KafkaCluster;
import io.tailrace.contracts.event.UserRegistered;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventRecords;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.search.testing.TestBroker;
import io.tailrace.search.testing.TestService;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three brokers, and an unclean election that loses records which were indexed. */
@Tag("server")
class TruncatedLogTest {
    private static final UUID RENAMED = UUID.randomUUID();
    private static final UUID LOST = UUID.randomUUID();

    @Test
    void documentsOfRecordsThatTheLogHasLostDisappearAndHideNothing() throws Exception {
        try (KafkaCluster cluster = KafkaCluster.losingRecords()) {
            KafkaSettings kafka = KafkaSettings.of(cluster.bootstrap());
            try (TestService service = TestService.start(
                    "t" + UUID.randomUUID() + "-", Map.of("tailrace.kafka.bootstrap", cluster.bootstrap()))) {
                // given
                publish(kafka, user(RENAMED, "asitwas"));
                Eventually.holds("it is found", () -> isFound(service, "asitwas", RENAMED));
                Eventually.holds(
                        "positions have epochs", () -> !committed(kafka).isEmpty());
                assertThat(committed(kafka))
                        .allMatch(position -> position.leaderEpoch().isPresent());
                cluster.stop(1);
                cluster.stop(2);
                publish(kafka, user(LOST, "lost"), user(RENAMED, "lostone"), user(RENAMED, "losttwo"));
                Eventually.holds("it is found", () -> isFound(service, "losttwo", RENAMED));

                // when
                cluster.stop(0);
                cluster.start(1);
                cluster.start(2);
                publish(kafka, user(RENAMED, "asitis"));

                // then
                Eventually.holds("what is there is found", () -> isFound(service, "asitis", RENAMED));
                assertThat(service.found("users", "lost")).isEmpty();
                assertThat(service.bean(MeterRegistry.class)
                                .get("tailrace.search.indexer.rebuilds")
                                .tags("index", "users")
                                .counter()
                                .count())
                        .isEqualTo(1);
            }
        }
    }

    private static boolean isFound(TestService service, String name, UUID id) {
        return service.found("users", name).equals(List.of(id.toString()));
    }

    private static UserRegistered user(UUID id, String name) {
        return new UserRegistered(id, id + "@example.org", name, null, Instant.EPOCH);
    }

    private static void publish(KafkaSettings kafka, UserRegistered... users) throws Exception {
        // One of its own each time: a producer that has numbered records which were lost is refused once.
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(kafka.producer("test"))) {
            for (UserRegistered user : users) {
                String json = new String(Json.write(user), StandardCharsets.UTF_8);
                producer.send(EventRecords.toRecord(
                                Topics.USERS, 0, user.id().toString(), TestBroker.event("user_registered", json)))
                        .get();
            }
        }
    }

    /** What was committed of partitions that hold something. */
    private static List<OffsetAndMetadata> committed(KafkaSettings kafka) throws Exception {
        List<OffsetAndMetadata> committed = new ArrayList<>();
        try (Admin admin = Admin.create(kafka.admin("test"))) {
            for (GroupListing group : admin.listGroups().all().get()) {
                admin.listConsumerGroupOffsets(group.groupId()).partitionsToOffsetAndMetadata().get().values().stream()
                        .filter(position -> position.offset() > 0)
                        .forEach(committed::add);
            }
        }
        return committed;
    }
}
