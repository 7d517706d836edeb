package io.tailrace.ingest.post;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.PostPublished;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.TopicSpec;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.TestBroker;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventRecords;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.kafka.TopicProvisioner;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.Test;

class RekeyedLogTest {
    private final KafkaSettings kafka = TestBroker.shared().settings();
    private final TopicSpec posts = new TopicSpec("t.posts." + UUID.randomUUID(), 2, false, null);
    private final UUID author = UUID.randomUUID();

    @Test
    void every_post_is_there_again_under_a_key_of_its_own_and_the_old_key_ends() throws Exception {
        new TopicProvisioner(kafka).provision(List.of(posts));
        UUID first = old("one");
        UUID second = old("two");
        send(author.toString(), "no post".getBytes(StandardCharsets.UTF_8));

        try (RekeyedLog log = new RekeyedLog(kafka, posts)) {
            assertThat(log.copyAll()).isEqualTo(3);
        }
        try (RekeyedLog again = new RekeyedLog(kafka, posts)) {
            assertThat(again.copyAll()).as("a second time, as after a crash").isEqualTo(3);
        }

        List<ConsumerRecord<byte[], byte[]>> records = TestBroker.shared().records(posts.name());
        assertThat(records).extracting(ConsumerRecord::partition).containsOnly(1);
        List<String> copies = new ArrayList<>();
        List<String> ended = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records.subList(3, records.size())) {
            assertThat(record.headers().lastHeader(Event.HEADER_REPEATED)).isNotNull();
            String key = new String(record.key(), StandardCharsets.UTF_8);
            if (record.value() == null) {
                ended.add(key);
            } else {
                assertThat(record.timestamp()).isEqualTo(records.getFirst().timestamp());
                copies.add(key + " " + new String(record.value(), StandardCharsets.UTF_8));
            }
        }
        assertThat(ended).containsOnly(author.toString());
        assertThat(copies)
                .hasSize(6)
                .filteredOn(copy -> copy.endsWith(" no post"))
                .hasSize(2);
        assertThat(copies)
                .filteredOn(copy -> copy.startsWith(FactKeys.of(author, first) + " ") && copy.contains("\"one\""))
                .hasSize(2);
        assertThat(copies)
                .filteredOn(copy -> copy.startsWith(FactKeys.of(author, second) + " ") && copy.contains("\"two\""))
                .hasSize(2);
    }

    @Test
    void whoever_delivers_posts_must_have_read_the_originals_and_others_need_not() throws Exception {
        new TopicProvisioner(kafka).provision(List.of(posts));
        old("one");
        try (RekeyedLog log = new RekeyedLog(kafka, posts);
                Admin admin = Admin.create(kafka.admin("test"))) {
            log.copyAll();
            TopicPartition mine = new TopicPartition(posts.name(), 1);
            TopicPartition follows = new TopicPartition(Topics.FOLLOWS, 1);
            OffsetAndMetadata nothing = new OffsetAndMetadata(0);
            OffsetAndMetadata all = new OffsetAndMetadata(1_000);
            admin.alterConsumerGroupOffsets("an index", Map.of(mine, nothing))
                    .all()
                    .get();
            assertThat(log.isReadByFeeds()).isTrue();

            String feed = "feed " + author;
            admin.alterConsumerGroupOffsets(feed, Map.of(mine, nothing, follows, nothing))
                    .all()
                    .get();
            assertThat(log.isReadByFeeds()).isFalse();
            admin.alterConsumerGroupOffsets(feed, Map.of(mine, all)).all().get();
            assertThat(log.isReadByFeeds()).isTrue();
        }
    }

    @Test
    void a_process_that_has_lost_the_lock_unawares_can_write_no_more() {
        new TopicProvisioner(kafka).provision(List.of(posts));
        old("one");
        try (RekeyedLog log = new RekeyedLog(kafka, posts);
                RekeyedLog other = new RekeyedLog(kafka, posts)) {
            org.assertj.core.api.Assertions.assertThatThrownBy(log::copyAll)
                    .isInstanceOfAny(
                            ProducerFencedException.class,
                            org.apache.kafka.common.errors.InvalidProducerEpochException.class,
                            org.apache.kafka.common.KafkaException.class);
            assertThat(other.copyAll()).isEqualTo(1);
        }
    }

    private UUID old(String text) {
        UUID id = UUID.randomUUID();
        send(author.toString(), Json.write(new PostPublished(id, author, text, Instant.EPOCH)));
        return id;
    }

    private void send(String key, byte[] data) {
        Event event = new Event("e", "post_published", "/test", Instant.EPOCH, null, data);
        ProducerRecord<byte[], byte[]> made = EventRecords.toRecord(posts.name(), 1, key, event);
        try {
            TestBroker.shared()
                    .producer()
                    .send(new ProducerRecord<>(made.topic(), 1, 1_000L, made.key(), made.value(), made.headers()))
                    .get();
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
