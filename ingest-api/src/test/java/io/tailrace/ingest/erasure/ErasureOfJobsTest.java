package io.tailrace.ingest.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.ForgottenTopics;
import io.tailrace.ingest.testing.People;
import io.tailrace.ingest.testing.Projections;
import io.tailrace.ingest.testing.TestBroker;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an erasure waits for because of jobs. Steps that are due after the compaction lag come when a test says so. */
@Tag("server")
class ErasureOfJobsTest {
    /** Of its own: the projections of other servers would take its erasures. */
    private static final TestPostgres DATABASE = TestPostgres.create();

    private static final TestIngest SERVER = TestIngest.start(Map.of(
            "tailrace.postgres.url", DATABASE.url(),
            "tailrace.kafka.compaction-lag", "1h",
            "tailrace.erasures.poll-interval", "100ms"));

    private static final String DUE = "update erasures set due_at = now() - interval '1 day' where user_id = ?";

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void no_step_is_taken_while_the_dispatcher_has_commands_to_decide() throws Exception {
        UUID person = UUID.randomUUID();
        String dispatcher = "erasure-" + person + "-jobs-v1";
        // Of which the erasure asks to be forgotten, so that there is a command.
        UUID over = job("succeeded", "{\"about\": \"" + person + "\"}");
        try (Admin admin = Admin.create(TestBroker.shared().settings().admin("test"))) {
            hasDecided(admin, dispatcher, 0);
            var unused = SERVER.bean(Erasures.class).begin(person);
            Projections.allCatchUp(SERVER, DATABASE);
            hasCome(person, "1");
            assertThat(commands("job_erase_requested")).contains(over.toString());

            isLookedAt(person);
            assertThat(step(person)).as("there may be a mail among them").isEqualTo("1");
            hasDecided(admin, dispatcher, 1_000_000);
            hasCome(person, "2");

            hasDecided(admin, dispatcher, 0);
            isLookedAt(person);
            assertThat(step(person)).as("before the ends are noted").isEqualTo("2");
            hasDecided(admin, dispatcher, 1_000_000);
            DATABASE.update(DUE, person);
            hasCome(person, "3");
            admin.deleteConsumerGroups(List.of(dispatcher)).all().get();
        }
    }

    @Test
    void a_job_that_comes_late_makes_the_step_once_more_and_the_texts_are_known_until_it_is_done() {
        String email = People.freshEmail();
        var unusedTokens = People.signedIn(SERVER, email);
        UUID person = UUID.fromString(DATABASE.column("select id from accounts where email = ?", email)
                .getFirst());
        UUID erasure = SERVER.bean(Erasures.class).begin(person).id();
        Projections.allCatchUp(SERVER, DATABASE);
        hasCome(person, "2");
        assertThat(texts(person)).contains(email);
        // As if the log had forgotten the registration: this address is in the row alone.
        DATABASE.update(
                "update erasures set texts = replace(texts, ?, ?) where user_id = ?", email, "only." + email, person);
        UUID late = job("scheduled", "{\"to\": \"only." + email + "\"}");
        UUID keyed = job("ready", "{}");
        DATABASE.update("update jobs set limit_key = ? where id = ?", "only." + email, keyed);
        UUID others = job("ready", "{\"to\": \"somebody.else@example.org\"}");

        isLookedAt(person);

        assertThat(step(person)).isEqualTo("2");
        assertThat(commands("job_cancel_requested"))
                .contains(late.toString(), keyed.toString())
                .doesNotContain(others.toString());
        assertThat(commands("job_erase_requested"))
                .contains(late.toString(), keyed.toString())
                .doesNotContain(others.toString());
        assertThat(DATABASE.column(
                        "select id from jobs where payload is null and limit_key is null and id in (?, ?, ?) order by"
                                + " id = ?",
                        keyed,
                        late,
                        others,
                        keyed))
                .containsExactly(late.toString(), keyed.toString());

        isLookedAt(person);
        hasCome(person, "3");
        assertThat(texts(person)).contains(email, "only." + email);
        ForgottenTopics.forget(DATABASE);
        DATABASE.update(DUE, person);
        Eventually.holds("it is done", () -> DATABASE.column(
                        "select state from erasures where id = ? and user_id is null and texts is null", erasure)
                .contains("done"));
    }

    @Test
    void it_is_not_done_while_a_topic_of_jobs_has_something_of_the_time_before_also_of_a_queue_that_is_not_declared()
            throws Exception {
        UUID person = UUID.randomUUID();
        String topic = Topics.JOB_READY_PREFIX + ForgottenTopics.OWN_QUEUE + person;
        try (Admin admin = Admin.create(TestBroker.shared().settings().admin("test"))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
        var unusedRecord = TestBroker.shared().send(new ProducerRecord<>(topic, new byte[] {1}, new byte[] {1}));
        UUID erasure = SERVER.bean(Erasures.class).begin(person).id();
        Projections.allCatchUp(SERVER, DATABASE);
        hasCome(person, "2");
        DATABASE.update(DUE, person);
        hasCome(person, "3");

        // Of a version before, which noted channels alone.
        DATABASE.update("update erasures set channel_ends = '{}' where user_id = ?", person);
        isLookedAt(person);
        Eventually.holds("the ends are noted anew", () -> DATABASE.column(
                        "select channel_ends from erasures where user_id = ?", person)
                .getFirst()
                .contains(topic + "-0\":1"));

        ForgottenTopics.forget(DATABASE);
        isLookedAt(person);
        assertThat(step(person)).isEqualTo("3");

        TestBroker.shared().deleteRecordsBelow(topic, 0, 1);
        DATABASE.update(DUE, person);
        Eventually.holds("it is done", () -> DATABASE.column("select state from erasures where id = ?", erasure)
                .contains("done"));
    }

    private static void hasCome(UUID person, String step) {
        Eventually.holds("step " + step + " comes", () -> step(person).equals(step));
    }

    private static String step(UUID person) {
        return DATABASE.column("select step from erasures where user_id = ?", person)
                .getFirst();
    }

    private static String texts(UUID person) {
        return DATABASE.column("select texts from erasures where user_id = ?", person)
                .getFirst();
    }

    /** Waits until a step was tried that is due now. */
    private static void isLookedAt(UUID person) {
        DATABASE.update(DUE, person);
        Eventually.holds("it was looked at", () -> DATABASE.column(
                        "select 1 from erasures where user_id = ? and due_at > now() - interval '1 hour'", person)
                .contains("1"));
    }

    /** Has a group be there that decides jobs, and that has read so far. */
    private static void hasDecided(Admin admin, String group, long offset) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> read = new HashMap<>();
        for (int partition = 0; partition < Topics.FACT_PARTITIONS; partition++) {
            read.put(new TopicPartition(Topics.JOB_COMMANDS, partition), new OffsetAndMetadata(offset));
        }
        admin.alterConsumerGroupOffsets(group, read).all().get();
    }

    private static UUID job(String state, String payload) {
        UUID id = UUID.randomUUID();
        DATABASE.update(
                "insert into jobs (id, queue, type, state, priority, run_at, attempt, max_attempts, timeout_seconds,"
                        + " enqueued_at, finished_at, payload) values (?, 'default', 'email', ?, 5, now(), 0, 3, 60,"
                        + " now(), case when ? = 'succeeded' then now() end, ?)",
                id,
                state,
                state,
                payload);
        return id;
    }

    /** All commands of a type, as one text. */
    private static String commands(String type) {
        return TestBroker.shared().records(Topics.JOB_COMMANDS).stream()
                .filter(record ->
                        new String(record.headers().lastHeader("ce_type").value(), StandardCharsets.UTF_8).equals(type))
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("\n"));
    }
}
