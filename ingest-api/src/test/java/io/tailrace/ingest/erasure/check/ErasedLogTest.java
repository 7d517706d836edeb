package io.tailrace.ingest.erasure.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Backends;
import io.tailrace.backends.Eventually;
import io.tailrace.backends.KafkaCluster;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.erasure.ErasableFacts;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestPostgres;
import io.tailrace.kit.kafka.KafkaSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

class ErasedLogTest {
    private static final String EMAIL = "zoraida.quetzal@example.org";
    private static final String PHONE = "+4930987654321";
    private static final String NAME = "Zoraida Quetzalcoatl";
    private static final String TEXT = "a text that nobody else wrote, ümläuts too";
    private static final List<String> TEXTS = List.of(EMAIL, PHONE, NAME, TEXT);

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
            assertThat(facts.forget(person, false)).isEqualTo(2);

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
