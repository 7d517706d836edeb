package io.tailrace.ingest.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.backends.Eventually;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.ForgottenTopics;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.IngestProcess;
import io.tailrace.ingest.testing.People;
import io.tailrace.ingest.testing.Projections;
import io.tailrace.ingest.testing.TestBroker;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestPostgres;
import io.tailrace.kit.apikey.ApiKeyArguments;
import io.tailrace.kit.apikey.ApiKeyCommand;
import io.tailrace.kit.extract.FileTexts;
import io.tailrace.kit.file.FileArea;
import io.tailrace.kit.file.FolderStore;
import io.tailrace.kit.kafka.KafkaSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class ErasureTest {
    /** Of its own: the projections of other servers would take its erasures. */
    private static final TestPostgres DATABASE = TestPostgres.create();

    private static final Map<String, Object> SETTINGS = Map.of(
            "tailrace.postgres.url", DATABASE.url(),
            "tailrace.kafka.compaction-lag", "1s",
            "tailrace.erasures.poll-interval", "100ms");
    private static final TestIngest SERVER = TestIngest.start(SETTINGS);

    private final String email = People.freshEmail();
    private final JsonNode tokens = People.signedIn(SERVER, email).body();
    private final Http http = SERVER.with(tokens.path("access_token").asText());
    private final UUID person = person(email);

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void a_person_who_knows_the_password_is_erased_from_the_log_and_every_table_and_cannot_come_back()
            throws IOException {
        String post = http.header("Idempotency-Key", "k")
                .post("/posts", "{\"text\": \"soon gone\"}")
                .body()
                .path("id")
                .asText();
        assertThat(http.send("PUT", "/follows/" + UUID.randomUUID(), null).status())
                .isEqualTo(204);
        String dashboard = http.post("/dashboards", "{\"name\": \"Ada's house\", \"panels\": []}")
                .body()
                .path("id")
                .asText();
        String upload = upload("Ada's diary.txt");
        new FileTexts(new FolderStore(TestIngest.FILES)).keep(person, UUID.fromString(upload), List.of("Dear diary"));
        Http other = SERVER.with(TestKeys.shared().person(UUID.randomUUID()));
        assertThat(other.send("PUT", "/follows/" + person, null).status()).isEqualTo(204);
        byte[] chat =
                "{\"telegram_chat_id\": 7, \"kinds\": {\"incident\": [\"telegram\"]}}".getBytes(StandardCharsets.UTF_8);
        assertThat(http.send("PUT", "/account/notifications", chat).status()).isEqualTo(200);
        makeApiKey(person);
        feedEntry(person, UUID.randomUUID());
        feedEntry(UUID.randomUUID(), person);
        DATABASE.update("insert into follows values (?, ?, now())", UUID.randomUUID(), person);
        DATABASE.update("insert into deleted_posts (id, author_id) values (?, ?)", UUID.randomUUID(), person);
        UUID waiting = job("scheduled", "{\"to\": \"" + email.toLowerCase(Locale.ROOT) + "\", \"text\": \"x\"}");
        UUID finished = job("succeeded", "{\"name\": \"Ada Lovelace\"}");
        UUID mentioned = job("ready", "{\"about\": \"" + person + "\"}");
        UUID asked = job("running", "{\"model\": \"small\"}");
        DATABASE.update("update jobs set type = 'answer', limit_key = ? where id = ?", person.toString(), asked);
        UUID others = job("ready", "{\"to\": \"somebody@example.org\", \"text\": \"Ada Lovelace was here\"}");
        DATABASE.update(
                "insert into job_attempts (job_id, attempt, error_message) values (?, 1, ?)",
                others,
                "no such " + "mailbox: " + email);
        UUID untouched = job("ready", "{\"to\": \"somebody@example.org\"}");
        for (UUID job : List.of(waiting, untouched)) {
            DATABASE.update("insert into job_log_lines values (?, 1, 1, now(), 'info', ?)", job, "sent to " + email);
            DATABASE.update("insert into job_log_lines values (?, 1, 2, now(), 'info', 'bye')", job);
        }

        Http.Answer answer = erase(People.PASSWORD);

        assertThat(answer.status()).isEqualTo(202);
        String job = "/account/erasures/" + answer.body().path("id").asText();
        assertThat(answer.headers().firstValue("Location")).hasValue(job);
        assertThat(SERVER.anonymous().post("/auth/login", People.login(email)).status())
                .isEqualTo(401);
        String refresh = "{\"refresh_token\": \"" + tokens.path("refresh_token").asText() + "\"}";
        assertThat(SERVER.anonymous().post("/auth/refresh", refresh).status()).isEqualTo(401);
        Eventually.holds("the token is refused", () -> http.get("/feed").status() == 401);
        assertThat(http.get("/feed").body().path("detail").asText()).contains("no longer there");
        assertThat(erase(People.PASSWORD).status()).isEqualTo(401);
        copiesObey();
        Eventually.holds("only channels have something", () -> step().equals("3"));
        assertThat(state(job)).isEqualTo("compacting");
        ForgottenTopics.forget(DATABASE);
        DATABASE.update("update erasures set due_at = now() where user_id = ?", person);
        Eventually.holds("it is done", () -> state(job).equals("done"));

        assertThat(last(Topics.USERS)).containsExactly(Map.entry(person.toString(), false));
        assertThat(last(Topics.POSTS)).containsExactly(Map.entry(FactKeys.of(person, UUID.fromString(post)), false));
        assertThat(last(Topics.DASHBOARDS))
                .containsExactly(Map.entry(FactKeys.of(person, UUID.fromString(dashboard)), false));
        assertThat(last(Topics.UPLOADS))
                .containsExactly(Map.entry(FactKeys.of(person, UUID.fromString(upload)), false));
        for (FileArea area : FileArea.values()) {
            assertThat(new FolderStore(TestIngest.FILES).list(area, person)).isEmpty();
        }
        assertThat(new FolderStore(TestIngest.FILES).owners()).doesNotContain(person);
        assertThat(last(Topics.FOLLOWS)).hasSize(2).doesNotContainValue(true);
        assertThat(last(Topics.API_KEYS)).hasSize(1).doesNotContainValue(true);
        assertThat(commands("job_erase_requested"))
                .as("the dispatcher forgets what waits for the person, and what is over")
                .contains(waiting.toString(), finished.toString(), asked.toString())
                .doesNotContain(mentioned.toString(), others.toString(), untouched.toString());
        assertThat(commands("job_cancel_requested"))
                .contains(waiting.toString(), asked.toString())
                .doesNotContain(finished.toString(), mentioned.toString(), others.toString(), untouched.toString());
        assertThat(DATABASE.column("select id from jobs where payload is null"))
                .containsExactlyInAnyOrder(
                        waiting.toString(),
                        finished.toString(),
                        mentioned.toString(),
                        asked.toString(),
                        others.toString());
        assertThat(DATABASE.column("select text from job_log_lines")).containsExactly("bye", "bye");
        for (String table : DATABASE.column("select tablename from pg_tables where schemaname not like 'pg\\_%'"
                + " and schemaname <> 'information_schema'")) {
            assertThat(DATABASE.column(
                            "select 1 from " + table + " as t where strpos(t::text, ?) > 0 or strpos(t::text, ?) > 0",
                            person.toString(),
                            email))
                    .as(table)
                    .isEmpty();
        }
    }

    @Test
    void an_address_whose_person_is_erased_registers_anew_as_somebody_else_also_with_the_key_of_before() {
        String fresh = People.freshEmail();
        Http keyed = SERVER.anonymous().header("Idempotency-Key", "registration");
        assertThat(keyed.post("/auth/register", People.registration(fresh)).status())
                .isEqualTo(201);
        UUID before = person(fresh);
        JsonNode signedIn =
                SERVER.anonymous().post("/auth/login", People.login(fresh)).body();
        Http theirs = SERVER.with(signedIn.path("access_token").asText());
        assertThat(theirs.send("DELETE", "/account", body(People.PASSWORD)).status())
                .isEqualTo(202);

        Http.Answer again = keyed.post("/auth/register", People.registration(fresh));

        assertThat(again.status()).isEqualTo(201);
        assertThat(again.header("Idempotency-Replayed")).isEmpty();
        assertThat(person(fresh)).isNotEqualTo(before);
        assertThat(SERVER.anonymous().post("/auth/login", People.login(fresh)).status())
                .isEqualTo(200);
    }

    @Test
    void asking_twice_is_the_same_erasure() {
        Erasures erasures = SERVER.bean(Erasures.class);
        UUID nobody = UUID.randomUUID();

        assertThat(erasures.begin(nobody).id()).isEqualTo(erasures.begin(nobody).id());
    }

    @Test
    void an_erasure_whose_process_is_killed_goes_on_in_another() {
        TestPostgres own = TestPostgres.create();
        Map<String, Object> settings = new HashMap<>(SETTINGS);
        settings.put("tailrace.postgres.url", own.url());
        String address = People.freshEmail();
        try (IngestProcess process = new IngestProcess(settings)) {
            assertThat(process.anonymous()
                            .post("/auth/register", People.registration(address))
                            .status())
                    .isEqualTo(201);
            JsonNode signedIn = process.anonymous()
                    .post("/auth/login", People.login(address))
                    .body();
            Http theirs = process.with(signedIn.path("access_token").asText());
            assertThat(theirs.send("DELETE", "/account", body(People.PASSWORD)).status())
                    .isEqualTo(202);
            // In this state it stays, because nothing is copied here.
            Eventually.holds("tombstones are written", () -> own.column("select step from erasures")
                    .contains("1"));
            process.kill();
        }

        try (TestIngest server = TestIngest.start(settings)) {
            Projections.allCatchUp(server, own);
            Eventually.holds(
                    "it goes on", () -> own.column("select state from erasures").contains("compacting"));
        }
    }

    @Test
    void two_processes_make_each_step_once() {
        TestPostgres own = TestPostgres.create();
        Map<String, Object> settings = new HashMap<>(SETTINGS);
        settings.put("tailrace.postgres.url", own.url());
        settings.put("tailrace.erasures.poll-interval", "10ms");
        // The tombstones have one key, and the broker keeps the last alone of those that it compacts.
        settings.put("tailrace.kafka.compaction-lag", "1h");
        try (TestIngest one = TestIngest.start(settings);
                TestIngest other = TestIngest.start(settings)) {
            topicsAreAsDeclared(one);
            topicsAreAsDeclared(other);
            UUID nobody = UUID.randomUUID();

            var unused = one.bean(Erasures.class).begin(nobody);

            Eventually.holds("the first is made", () -> own.column("select step from erasures")
                    .contains("1"));
            Projections.allCatchUp(other, own);
            Eventually.holds("three steps are made", () -> {
                // The last of them would be due after the lag.
                own.update("update erasures set due_at = now() where step = 2");
                return own.column("select step from erasures").contains("3");
            });
            assertThat(TestBroker.shared().records(Topics.USERS))
                    .filteredOn(record -> new String(record.key(), StandardCharsets.UTF_8).equals(nobody.toString()))
                    .as("a tombstone of each of the three steps")
                    .hasSize(3);
        }
    }

    /** Returns when the server has set what it declares, how soon they are compacted for example. */
    private static void topicsAreAsDeclared(TestIngest server) {
        Http service = server.with(TestKeys.shared().person(UUID.randomUUID()));
        Eventually.holds(
                "the topics are as declared",
                () -> service.get("/health").body().toString().contains("\"topics-at-start\":\"idle\""));
    }

    @Test
    void a_wrong_password_and_the_key_of_another_erase_nobody_and_after_some_the_next_must_wait() {
        assertThat(erase("not the password").status()).isEqualTo(401);
        assertThat(erase("").status()).isEqualTo(400);
        assertThat(erase("x".repeat(2000)).status()).isEqualTo(400);
        assertThat(http.send("DELETE", "/account", "{}".getBytes(StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(400);
        assertThat(SERVER.anonymous()
                        .send("DELETE", "/account", body(People.PASSWORD))
                        .status())
                .isEqualTo(401);

        Eventually.holds("too many", () -> erase("not the password").status() == 429);

        assertThat(erase(People.PASSWORD).headers().firstValue("Retry-After")).isPresent();
        assertThat(DATABASE.column("select 1 from accounts where id = ?", person))
                .hasSize(1);
    }

    @Test
    void the_idempotency_key_of_another_person_gives_nobody_their_answer() {
        Http mine = http.header("Idempotency-Key", "shared");
        assertThat(mine.post("/posts", "{\"text\": \"mine\"}").status()).isEqualTo(201);
        UUID stranger = UUID.randomUUID();

        Http.Answer theirs = SERVER.with(TestKeys.shared().person(stranger))
                .header("Idempotency-Key", "shared")
                .post("/posts", "{\"text\": \"mine\"}");

        assertThat(theirs.header("Idempotency-Replayed")).isEmpty();
        assertThat(theirs.body().path("author_id").asText()).isEqualTo(stranger.toString());
    }

    @Test
    void who_has_no_account_is_404_and_so_is_an_erasure_that_nobody_asked_for() {
        Http service = SERVER.with(TestKeys.shared().person(UUID.randomUUID()));

        assertThat(service.send("DELETE", "/account", body("x")).status()).isEqualTo(404);
        assertThat(SERVER.anonymous()
                        .get("/account/erasures/" + UUID.randomUUID())
                        .status())
                .isEqualTo(404);
        assertThat(SERVER.anonymous().get("/account/erasures/42").status()).isEqualTo(400);
    }

    /** A whole file and one that is still arriving; the id of the first. */
    private String upload(String name) throws IOException {
        Http.Answer arriving = http.header("Tus-Resumable", "1.0.0")
                .header("Upload-Length", "100")
                .send("POST", "/uploads/resumable", null);
        assertThat(arriving.status()).isEqualTo(201);
        String form = "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"" + name + "\"\r\n\r\n"
                + "dear diary\r\n--b--\r\n";
        Http.Answer whole = http.header("Content-Type", "multipart/form-data; boundary=b")
                .send("POST", "/uploads", form.getBytes(StandardCharsets.UTF_8));
        assertThat(whole.status()).isEqualTo(201);
        assertThat(new FolderStore(TestIngest.FILES).owners()).contains(person);
        return whole.body().at("/uploads/0/id").asText();
    }

    private Http.Answer erase(String password) {
        return http.send("DELETE", "/account", body(password));
    }

    private static byte[] body(String password) {
        return ("{\"password\": \"" + password + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    private static UUID person(String email) {
        return UUID.fromString(DATABASE.column("select id from accounts where email = ?", email)
                .getFirst());
    }

    private String step() {
        return step(person);
    }

    private static String step(UUID person) {
        return DATABASE.column("select step from erasures where user_id = ?", person)
                .getFirst();
    }

    private static String state(String job) {
        return SERVER.anonymous().get(job).body().path("state").asText();
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

    private static void makeApiKey(UUID person) {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        ApiKeyCommand command =
                new ApiKeyCommand(SERVER.bean(KafkaSettings.class), InstantSource.system(), nowhere, nowhere);
        assertThat(command.run(ApiKeyArguments.read(List.of("--sub", person.toString()))))
                .isZero();
    }

    private static void feedEntry(UUID user, UUID author) {
        DATABASE.update(
                "insert into feed_entries (user_id, post_id, author_id, text, created_at) values (?, ?, ?, 'x', now())",
                user,
                UUID.randomUUID(),
                author);
    }

    private static void copiesObey() {
        Projections.allCatchUp(SERVER, DATABASE);
    }

    /** Whether there is a value under each key that names the person. */
    private Map<String, Boolean> last(String topic) {
        Map<String, Boolean> last = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : TestBroker.shared().records(topic)) {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            if (key.contains(person.toString())) {
                last.put(key, record.value() != null);
            }
        }
        return last;
    }
}
