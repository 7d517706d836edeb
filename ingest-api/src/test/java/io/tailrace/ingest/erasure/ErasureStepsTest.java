package io.tailrace.ingest.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.ForgottenTopics;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.Projections;
import io.tailrace.ingest.testing.TestBroker;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the steps of an erasure wait for. */
@Tag("server")
class ErasureStepsTest {
    /** Of its own: the projections of other servers would take its erasures. */
    private static final TestPostgres DATABASE = TestPostgres.create();

    private static final TestIngest SERVER = TestIngest.start(Map.of(
            "tailrace.postgres.url", DATABASE.url(),
            "tailrace.kafka.compaction-lag", "1s",
            "tailrace.erasures.poll-interval", "100ms"));

    private final UUID person = UUID.randomUUID();
    private final Http theirs = SERVER.with(TestKeys.shared().person(person));

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void it_is_not_done_while_a_channel_has_something_of_the_time_before() throws Exception {
        TestBroker.shared()
                .producer()
                .send(new ProducerRecord<>("tailrace.channels.feed", 2, new byte[] {1}, new byte[] {1}))
                .get();
        var unused = SERVER.bean(Erasures.class).begin(person);
        Projections.allCatchUp(SERVER, DATABASE);
        hasCome("3");

        isLookedAt();
        assertThat(step()).isEqualTo("3");

        isDone();
    }

    @Test
    void the_log_forgets_a_post_only_when_whoever_delivers_posts_has_read_that_it_is_deleted() throws Exception {
        Http.Answer post = theirs.post("/posts", "{\"text\": \"soon gone\"}");
        String key = FactKeys.of(person, UUID.fromString(post.body().path("id").asText()));
        String dispatcher = "a dispatcher that is away " + person;
        try (Admin admin = Admin.create(TestBroker.shared().settings().admin("test"))) {
            hasRead(admin, dispatcher, 0);
            var unused = SERVER.bean(Erasures.class).begin(person);
            Projections.allCatchUp(SERVER, DATABASE);
            hasCome("2");

            isLookedAt();
            assertThat(step()).isEqualTo("2");
            assertThat(tombstones(key)).containsExactly("post_deleted");

            hasRead(admin, dispatcher, 1_000_000);
            hasCome("3");
            assertThat(tombstones(key).getLast()).isEqualTo("fact_forgotten");
            admin.deleteConsumerGroups(List.of(dispatcher)).all().get();
        }
    }

    @Test
    void followers_follow_until_they_were_told_that_the_posts_are_deleted() {
        ErasableFacts facts = SERVER.bean(ErasableFacts.class);
        UUID fan = UUID.randomUUID();
        Http fans = SERVER.with(TestKeys.shared().person(fan));
        assertThat(fans.send("PUT", "/follows/" + person, null).status()).isEqualTo(204);
        assertThat(theirs.send("PUT", "/follows/" + fan, null).status()).isEqualTo(204);

        assertThat(facts.forget(person, false)).isEqualTo(1);
        assertThat(follows())
                .containsOnly(Map.entry(FactKeys.of(person, fan), true), Map.entry(FactKeys.of(fan, person), false));
        assertThat(facts.forget(person, true)).isEqualTo(1);
        assertThat(follows()).hasSize(2).doesNotContainValue(true);
    }

    @Test
    void somebody_who_is_followed_after_the_erasure_is_erased_again_like_the_first_time() {
        Erasures erasures = SERVER.bean(Erasures.class);
        ErasureView first = erasures.begin(person);
        Projections.allCatchUp(SERVER, DATABASE);
        isDone();
        Http fans = SERVER.with(TestKeys.shared().person(UUID.randomUUID()));
        assertThat(fans.send("PUT", "/follows/" + person, null).status()).isEqualTo(204);

        ErasureView second = erasures.begin(person);
        isDone();

        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(erasures.find(first.id()).orElseThrow().state()).isEqualTo("done");
        assertThat(erasures.find(second.id()).orElseThrow().state()).isEqualTo("done");
        assertThat(follows()).hasSize(1).doesNotContainValue(true);
    }

    private void hasCome(String step) {
        Eventually.holds("step " + step + " comes", () -> step().equals(step));
    }

    private String step() {
        return DATABASE.column("select step from erasures where user_id = ?", person)
                .getFirst();
    }

    /** Waits until a step that waits for something was tried. */
    private void isLookedAt() {
        DATABASE.update("update erasures set due_at = now() - interval '1 day' where user_id = ?", person);
        Eventually.holds("it was looked at", () -> DATABASE.column(
                        "select 1 from erasures where user_id = ? and due_at > now() - interval '1 hour'", person)
                .contains("1"));
    }

    /** Has the channels forget what they have, and waits until the erasure is done. */
    private void isDone() {
        hasCome("3");
        ForgottenTopics.forget(DATABASE);
        DATABASE.update("update erasures set due_at = now() where user_id = ?", person);
        Eventually.holds("it is done", () -> DATABASE.column("select 1 from erasures where user_id = ?", person)
                .isEmpty());
    }

    /** Has a group be there that delivers posts, and that has read so far. */
    private static void hasRead(Admin admin, String group, long offset) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> read = new HashMap<>();
        for (String topic : List.of(Topics.POSTS, Topics.FOLLOWS)) {
            for (int partition = 0; partition < Topics.FACT_PARTITIONS; partition++) {
                read.put(new TopicPartition(topic, partition), new OffsetAndMetadata(offset));
            }
        }
        admin.alterConsumerGroupOffsets(group, read).all().get();
    }

    /** The types of the tombstones of a post, in their order. */
    private static List<String> tombstones(String key) {
        return TestBroker.shared().records(Topics.POSTS).stream()
                .filter(record -> record.value() == null && text(record.key()).equals(key))
                .map(record -> text(record.headers().lastHeader("ce_type").value()))
                .toList();
    }

    /** Whether there is a follow under each key that names the person. */
    private Map<String, Boolean> follows() {
        Map<String, Boolean> last = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : TestBroker.shared().records(Topics.FOLLOWS)) {
            String key = text(record.key());
            if (key.contains(person.toString())) {
                last.put(key, record.value() != null);
            }
        }
        return last;
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
