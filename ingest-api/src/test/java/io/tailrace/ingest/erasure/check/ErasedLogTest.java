package io.tailrace.ingest.erasure.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Backends;
import io.tailrace.backends.Eventually;
import io.tailrace.backends.KafkaCluster;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.IndexSearched;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.erasure.ErasableFacts;
import io.tailrace.ingest.erasure.WholeTopic;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestPostgres;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.DeadLetters;
import io.tailrace.kit.kafka.EventRecords;
import io.tailrace.kit.kafka.KafkaSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class ErasedLogTest {
    private static final String EMAIL = "zoraida.quetzal@example.org";
    private static final String PHONE = "+4930987654321";
    private static final String NAME = "Zoraida Quetzalcoatl";
    private static final String TEXT = "a text that nobody else wrote, ümläuts too";
    private static final String ASKED = "zoraida.QUETZAL@example.org";
    private static final List<String> TEXTS = List.of(EMAIL, PHONE, NAME, TEXT, ASKED);

    /** The broker's files are looked at, so it is never one in a container. */
    private static final Map<String, String> SOON = Map.of(
            "log.cleaner.backoff.ms",
            "100",
            "log.segment.delete.delay.ms",
            "10",
            "log.cleaner.delete.retention.ms",
            "100");

    @Test
    void after_an_erasure_and_compaction_no_file_of_the_broker_has_the_person_in_it() throws Exception {
        TestPostgres database = TestPostgres.create();
        try (KafkaCluster broker = Backends.named(Backends.DEFAULT).kafka(1, SOON);
                TestIngest server = TestIngest.start(Map.of(
                        "tailrace.kafka.bootstrap",
                        broker.bootstrap(),
                        "tailrace.postgres.url",
                        database.url(),
                        "tailrace.kafka.compaction-lag",
                        "1s",
                        "tailrace.kafka.tombstone-retention",
                        "100ms"))) {
            KafkaSettings kafka = KafkaSettings.of(broker.bootstrap());
            List<Path> folders = folders(kafka);
            UUID person = somebody(server);
            Traces traces = new Traces(person, TEXTS);
            List<ConsumerRecord<byte[], byte[]>> asked = new ArrayList<>();
            try (var producer = new KafkaProducer<byte[], byte[]>(kafka.producer("test"))) {
                search(producer, ASKED);
                search(producer, "(030) 987-654321");
                search(producer, "somebody else");
                letter(producer, new byte[0], "{\"email\": \"" + EMAIL + "\"}");
                letter(producer, person.toString().getBytes(StandardCharsets.UTF_8), "{}");
                letter(producer, "other".getBytes(StandardCharsets.UTF_8), "{}");
            }
            Eventually.holds(
                    "everything is in the log", () -> found(folders, TEXTS).containsAll(TEXTS));
            assertThat(new LogCheck(kafka, traces).run())
                    .filteredOn(finding -> !finding.allowed())
                    .extracting(Finding::place)
                    .contains("topic " + Topics.USERS, "topic " + Topics.POSTS, "topic " + Topics.FOLLOWS);
            assertThat(new TableCheck(database.url(), "postgres", "", traces).run())
                    .extracting(Finding::place)
                    .contains("table accounts");

            ErasableFacts facts = server.bean(ErasableFacts.class);
            assertThat(facts.forget(person, false))
                    .as("a post, a follow, two letters and two searches")
                    .isEqualTo(6);
            assertThat(facts.forget(person, false)).as("nothing is done twice").isZero();
            new WholeTopic(kafka).read(Topics.AUDIT, Topics.FACT_PARTITIONS, asked::add);
            assertThat(last(asked))
                    .as("who searched and when stays, and what was asked for them goes")
                    .hasSize(3)
                    .allMatch(value -> value.contains("\"actor\":\"an actor\""))
                    .filteredOn(value -> value.contains("{\\\"erased\\\":true}"))
                    .hasSize(2);
            List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
            new WholeTopic(kafka).read(Topics.DEAD_LETTERS, 1, letters::add);
            assertThat(last(letters)).as("the letter of somebody else").hasSize(1);

            Eventually.holds("the files are without the person", () -> {
                var unused = facts.forget(person, true);
                return found(folders, TEXTS).isEmpty();
            });
            assertThat(new LogCheck(kafka, traces).run()).allMatch(Finding::allowed);
        }
    }

    private static UUID somebody(TestIngest server) {
        Http anonymous = server.anonymous();
        String password = "correct horse battery";
        Http.Answer registered = anonymous.post(
                "/auth/register",
                "{\"email\": \"" + EMAIL + "\", \"password\": \"" + password + "\", \"name\": \"" + NAME
                        + "\", \"phone\": \"" + PHONE + "\"}");
        assertThat(registered.status()).isEqualTo(201);
        Http.Answer tokens =
                anonymous.post("/auth/login", "{\"email\": \"" + EMAIL + "\", \"password\": \"" + password + "\"}");
        Http http = server.with(tokens.body().path("access_token").asText());
        Eventually.holds(
                "a post is taken",
                () -> http.post("/posts", "{\"text\": \"" + TEXT + "\"}").status() == 201);
        assertThat(http.send("PUT", "/follows/" + UUID.randomUUID(), null).status())
                .isEqualTo(204);
        return UUID.fromString(registered.body().path("id").asText());
    }

    private static void search(KafkaProducer<byte[], byte[]> producer, String q) throws Exception {
        String asked = "{\"q\":\"" + q + "\"}";
        String id = UUID.randomUUID().toString();
        byte[] data =
                Json.write(new IndexSearched("an actor", List.of("support"), "users", asked, 10, false, Instant.EPOCH));
        Event event = new Event(id, EventTypes.INDEX_SEARCHED, "/test", Instant.EPOCH, null, data);
        String key = FactKeys.of("an actor", id);
        producer.send(EventRecords.toRecord(Topics.AUDIT, FactKeys.partition(key), key, event))
                .get();
    }

    private static void letter(KafkaProducer<byte[], byte[]> producer, byte[] key, String value) throws Exception {
        byte[] data = value.getBytes(StandardCharsets.UTF_8);
        var original = new ConsumerRecord<>("t", 0, key.length, key, data);
        producer.send(DeadLetters.of(original, "test", "no reason")).get();
    }

    /** The last value of each key that has one. */
    private static List<String> last(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, String> last = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            if (record.value() == null) {
                last.remove(key);
            } else {
                last.put(key, new String(record.value(), StandardCharsets.UTF_8));
            }
        }
        return List.copyOf(last.values());
    }

    private static List<Path> folders(KafkaSettings kafka) throws Exception {
        try (Admin admin = Admin.create(kafka.admin("test"))) {
            return admin.describeLogDirs(List.of(0)).allDescriptions().get().values().stream()
                    .flatMap(dirs -> dirs.keySet().stream())
                    .map(Path::of)
                    .toList();
        }
    }

    /** Which of the texts are in any file. */
    private static List<String> found(List<Path> folders, List<String> texts) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path folder : folders) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String all = content(file);
                    texts.stream().filter(text -> all.contains(bytes(text))).forEach(found::add);
                }
            }
        }
        return found;
    }

    private static String content(Path file) throws IOException {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (java.nio.file.NoSuchFileException e) {
            return "";
        }
    }

    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
