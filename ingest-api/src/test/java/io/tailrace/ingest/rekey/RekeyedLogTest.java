package io.tailrace.ingest.rekey;

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
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
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

        try (RekeyedLog log = new RekeyedLog(kafka, Rekeying.posts(posts))) {
            assertThat(log.copyAll()).isEqualTo(3);
        }
        try (RekeyedLog again = new RekeyedLog(kafka, Rekeying.posts(posts))) {
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
    void each_dead_letter_of_before_is_there_again_under_a_key_of_its_own_with_all_that_it_had() throws Exception {
        TopicSpec letters = new TopicSpec("t.letters." + UUID.randomUUID(), 2, false, null);
        new TopicProvisioner(kafka).provision(List.of(letters));
        old(letters, "same key", "first", header("dead_letter_topic", "t"), header("dead_letter_offset", "1"));
        old(letters, "same key", "second", header("dead_letter_topic", "t"), header("dead_letter_offset", "2"));
        old(letters, null, "nobody's", header("dead_letter_topic", "t"), header("dead_letter_offset", "3"));
        old(letters, "erased", null, header("dead_letter_topic", "t"), header("dead_letter_offset", "4"));

        try (RekeyedLog log = new RekeyedLog(kafka, Rekeying.deadLetters(letters))) {
            assertThat(log.copyAll()).isEqualTo(4);
        }

        List<ConsumerRecord<byte[], byte[]>> records = TestBroker.shared().records(letters.name());
        assertThat(records.subList(4, 8))
                .extracting(letter -> string(letter.key()) + ": " + string(letter.value()) + " of "
                        + header(letter, "dead_letter_key") + ", " + header(letter, "dead_letter_value"))
                .containsExactly(
                        "t-@1/: first of same key, null",
                        "t-@2/: second of same key, null",
                        "t-@3/: nobody's of null, null",
                        "t-@4/:  of erased, none");
        assertThat(records.subList(4, 8)).extracting(ConsumerRecord::timestamp).containsOnly(1_000L);
        // Somebody who replays a letter must not carry the mark along: nothing would be delivered for it.
        assertThat(records).allMatch(letter -> letter.headers().lastHeader(Event.HEADER_REPEATED) == null);
        assertThat(records.subList(8, records.size()))
                .allMatch(letter -> letter.value() == null)
                .extracting(letter -> string(letter.key()))
                .containsExactly("same key", "erased");
        try (RekeyedLog again = new RekeyedLog(kafka, Rekeying.deadLetters(letters))) {
            assertThat(again.copyAll())
                    .as("copies and tombstones are not copied")
                    .isEqualTo(4);
        }
    }

    @Test
    void each_audit_record_of_before_is_there_again_under_a_key_of_its_own() throws Exception {
        TopicSpec audit = new TopicSpec("t.audit." + UUID.randomUUID(), 2, false, null);
        new TopicProvisioner(kafka).provision(List.of(audit));
        old(audit, "actor", "{}", header("ce_id", "one"));
        old(audit, "actor", "{}", header("ce_id", "two"));
        old(audit, "actor/three", "{}", header("ce_id", "three"));

        try (RekeyedLog log = new RekeyedLog(kafka, Rekeying.audit(audit))) {
            assertThat(log.copyAll()).isEqualTo(2);
        }

        assertThat(TestBroker.shared().records(audit.name()))
                .extracting(record -> string(record.key()) + ": " + string(record.value()))
                .containsExactly(
                        "actor: {}", "actor: {}", "actor/three: {}", "actor/one: {}", "actor/two: {}", "actor: null");
    }

    @Test
    void whoever_delivers_posts_must_have_read_the_originals_and_others_need_not() throws Exception {
        new TopicProvisioner(kafka).provision(List.of(posts));
        old("one");
        try (RekeyedLog log = new RekeyedLog(kafka, Rekeying.posts(posts));
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
        try (RekeyedLog log = new RekeyedLog(kafka, Rekeying.posts(posts));
                RekeyedLog other = new RekeyedLog(kafka, Rekeying.posts(posts))) {
            org.assertj.core.api.Assertions.assertThatThrownBy(log::copyAll)
                    .isInstanceOfAny(
                            ProducerFencedException.class,
                            org.apache.kafka.common.errors.InvalidProducerEpochException.class,
                            org.apache.kafka.common.KafkaException.class);
            assertThat(other.copyAll()).isEqualTo(1);
        }
    }

    private static RecordHeader header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null ? "null" : string(header.value());
    }

    private static String string(byte @Nullable [] utf8) {
        return utf8 == null ? "null" : new String(utf8, StandardCharsets.UTF_8);
    }

    private static void old(TopicSpec topic, @Nullable String key, @Nullable String value, RecordHeader... headers)
            throws Exception {
        TestBroker.shared()
                .producer()
                .send(new ProducerRecord<>(
                        topic.name(),
                        1,
                        1_000L,
                        key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                        value == null ? null : value.getBytes(StandardCharsets.UTF_8),
                        new RecordHeaders(headers)))
                .get();
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
