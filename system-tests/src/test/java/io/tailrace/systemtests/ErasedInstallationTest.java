package io.tailrace.systemtests;

import static io.tailrace.systemtests.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.client.Subscriber;
import io.tailrace.systemtests.platform.DataFolders;
import io.tailrace.systemtests.platform.Launcher;
import io.tailrace.systemtests.platform.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Erases somebody from a whole installation, and looks for them in its files with grep, which knows nothing of what we believe to
 * store. Nothing compresses what it writes to the log here, so that records stand in the broker's files as they are, and each post is
 * delivered in turns, so that the dispatcher stores it, too. That the search finds each text in each place before the erasure is
 * what shows it.
 */
@Tag("server")
class ErasedInstallationTest {
    private static final Duration SOON = Duration.ofSeconds(120);
    private static final String EMAIL = "zoraida.quetzal@example.org";
    private static final String PHONE = "+4930987654321";
    private static final String NAME = "Zoraida Quetzalcoatl";
    private static final String TEXT = "a text that nobody else wrote, and not twice";
    private static final String LETTER = "a text that nobody can read as a post";
    private static final String BOARD = "a dashboard with a name that nobody else gave";
    private static final String MAIL = "a mail that nobody else was to get";
    private static final List<String> TEXTS = List.of(EMAIL, PHONE, NAME, TEXT, LETTER, BOARD, MAIL);

    /** Where they must have been, as parts of names of files. */
    private static final List<String> PLACES = List.of(
            "tailrace.users-",
            "tailrace.posts-",
            "tailrace.dashboards-",
            "tailrace.channels.feed-",
            "tailrace.audit-",
            "tailrace.dead-letters-",
            "-fan-outs-changelog-",
            "tailrace.job-commands-",
            "tailrace.job-events-",
            "tailrace.job-ready.notifications-",
            "-jobs-changelog-",
            "/postgres/data/",
            "/elasticsearch/data/");

    private static final Path NAMESPACES =
            Path.of("..", "contracts/src/main/resources/io/tailrace/contracts/channel/namespaces.properties");

    /** Of what is delivered to feeds: long enough for the copies to read it on a machine that is busy with other things as well. */
    private static final Duration RETENTION = Duration.ofSeconds(12);

    private static final String PASSWORD = "correct horse battery";

    @Test
    void no_file_of_an_installation_has_a_person_in_it_who_was_erased_and_nobody_is_served_for_them() throws Exception {
        Path data = DataFolders.create("erased");
        try (Platform platform = Platform.up(soon(data), "telemetry", "demo-show")) {
            // given a person in all that there is, also a mail that could not be sent, and one that waits
            Api anonymous = new Api(platform.origin(), null);
            String person = register(anonymous, EMAIL, NAME, PHONE);
            String token = token(anonymous, EMAIL);
            Api theirs = new Api(platform.origin(), token);
            String friend = register(anonymous, "friend@example.org", "Friend", "+4930111111111");
            String friendsToken = token(anonymous, "friend@example.org");
            Api friends = new Api(platform.origin(), friendsToken);
            var unusedOne = friends.mustWrite("PUT", "/follows/" + person, null);
            var unusedDashboard = theirs.mustWrite("POST", "/dashboards", Map.of("name", BOARD, "panels", List.of()));
            var unusedOther = theirs.mustWrite("PUT", "/follows/" + friend, null);
            Set<String> before = new TreeSet<>();
            String cursor;
            try (Subscriber feed = new Subscriber(List.of(platform.origin()), token, "", List.of("feed:" + person))) {
                eventually("the stream is open", SOON, () -> feed.connections() == 1);
                var unused = theirs.mustWrite("POST", "/posts", Map.of("text", TEXT));
                eventually("the post is in the feed", SOON, () -> feed.count() == 1);
                // Now, and there alone: the feeds are kept for seconds here, in which not all files can be read.
                before.addAll(found(feeds(data)));
                cursor = feed.lastEventId();
            }
            letter(platform, person);
            Api mailer = new Api(platform.origin(), platform.token("mailer", "--job", "email"));
            mail(mailer, EMAIL, MAIL, 0);
            mail(mailer, EMAIL, MAIL, 3_600);
            Api support = new Api(platform.origin(), platform.token("agent", "--role", "support"));
            eventually("search has the person", SOON, () -> support.call("GET", "/search/users?q=" + EMAIL, null)
                    .json()
                    .toString()
                    .contains(person));
            eventually("the files have everything", SOON, () -> {
                before.addAll(found(data));
                String found = String.join("\n", before).toLowerCase(Locale.ROOT);
                return TEXTS.stream().allMatch(text -> found.contains(text.toLowerCase(Locale.ROOT)))
                        && PLACES.stream().allMatch(found::contains);
            });

            // when they ask for it
            JsonNode erasure = theirs.call("DELETE", "/account", Map.of("password", PASSWORD))
                    .json();
            String asked = "/account/erasures/" + erasure.path("id").asText();
            eventually(
                    "no service has them", SOON, () -> !state(anonymous, asked).equals("running"));
            // The topics of jobs are kept for a month. By now all have read them.
            jobsAreForgottenSoon(platform);
            eventually("it is done", SOON, () -> state(anonymous, asked).equals("done"));

            // then their token and cursor open nothing, for them or for somebody else
            Map<String, String> resumed = Map.of("Last-Event-ID", cursor);
            String stream = "/events?channels=feed:" + person;
            assertThat(theirs.call("GET", stream, null, resumed).status()).isEqualTo(401);
            assertThat(friends.call("GET", stream, null, resumed).status()).isEqualTo(403);

            // and those whom they followed write to themselves and others, and not to them, as the check below shows
            try (Subscriber feed =
                    new Subscriber(List.of(platform.origin()), friendsToken, "", List.of("feed:" + friend))) {
                eventually("the stream is open", SOON, () -> feed.connections() == 1);
                var unused = friends.mustWrite("POST", "/posts", Map.of("text", "to whom it may concern"));
                eventually("it is in the friend's own feed", SOON, () -> feed.count() == 1);
            }

            // and a mail to somebody else ends the segments of the dispatcher's stores
            mail(mailer, "friend@example.org", "hello", 0);

            // and the files are without them, when the servers have written theirs anew
            String told = platform.launcher().mustRun("erase", "--files");
            assertThat(told).contains("PostgreSQL", "Elasticsearch").doesNotContain("not looked at");
            eventuallyNothing(data);
            // Nor in the archives, which are behind a link: grep follows one only if it is named.
            assertThat(found(data.resolve("cds"))).isEmpty();
            Launcher.Outcome checked = check(platform, person);
            assertThat(checked.out()).contains("nothing is left of " + person).doesNotContain("FOUND", "not looked at");
            assertThat(checked.exitCode()).isZero();
        }
    }

    /** Everything that forgets does so within seconds. */
    private static Launcher soon(Path data) throws IOException {
        Path namespaces = data.resolve("namespaces.properties");
        Files.writeString(
                namespaces,
                Files.readString(NAMESPACES)
                        .replace("feed.retention=P7D", "feed.retention=" + RETENTION)
                        .replace("author.retention=P7D", "author.retention=" + RETENTION)
                        .replace("upload.retention=P1D", "upload.retention=" + RETENTION)
                        .replace("answer.retention=P7D", "answer.retention=" + RETENTION));
        Files.writeString(
                Files.createDirectories(data.resolve("kafka")).resolve("own.properties"),
                """
                log.cleaner.backoff.ms=100
                log.segment.delete.delay.ms=10
                log.retention.check.interval.ms=500
                log.initial.task.delay.ms=100
                """);
        return new Launcher(
                data,
                Map.of(
                        "TAILRACE_NAMESPACES_FILE", namespaces.toString(),
                        "TAILRACE_KAFKA_COMPACTION_LAG", "1s",
                        "TAILRACE_KAFKA_TOMBSTONE_RETENTION", "100ms",
                        "TAILRACE_ERASURES_POLL_INTERVAL", "200ms",
                        "TAILRACE_DISPATCHER_FEED_COMPRESSION", "none",
                        "TAILRACE_DISPATCHER_FOLLOWERS_AT_ONCE", "0"));
    }

    private static String register(Api api, String email, String name, String phone) throws Exception {
        return api.mustWrite(
                        "POST",
                        "/auth/register",
                        Map.of("email", email, "password", PASSWORD, "name", name, "phone", phone))
                .path("id")
                .asText();
    }

    private static String token(Api api, String email) throws Exception {
        return api.mustWrite("POST", "/auth/login", Map.of("email", email, "password", PASSWORD))
                .path("access_token")
                .asText();
    }

    /** A record among the person's posts that no consumer can use. */
    private static void letter(Platform platform, String person) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", platform.environment("TAILRACE_KAFKA_BOOTSTRAP"));
        byte[] owner = person.getBytes(StandardCharsets.UTF_8);
        int partition = Utils.toPositive(Utils.murmur2(owner)) % 6;
        byte[] key = (person + "/" + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
        byte[] value = ("{\"text\": \"" + LETTER + "\"}").getBytes(StandardCharsets.UTF_8);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>("tailrace.posts", partition, key, value))
                    .get();
        }
    }

    /** Enqueues a mail. There is no SMTP server, so one that is due fails for good. */
    private static void mail(Api mailer, String to, String text, int delaySeconds) throws Exception {
        Map<String, Object> payload = Map.of("to", to, "subject", "Hello", "text", text);
        var unused = mailer.mustWrite(
                "POST", "/jobs", Map.of("type", "email", "delay_seconds", delaySeconds, "payload", payload));
    }

    /** Has the brokers keep what is in the topics and channels of jobs for seconds, as they keep it for weeks. */
    private static void jobsAreForgottenSoon(Platform platform) throws Exception {
        List<AlterConfigOp> soon = List.of(
                new AlterConfigOp(
                        new ConfigEntry(TopicConfig.RETENTION_MS_CONFIG, Long.toString(RETENTION.toMillis())),
                        AlterConfigOp.OpType.SET),
                new AlterConfigOp(new ConfigEntry(TopicConfig.SEGMENT_MS_CONFIG, "1000"), AlterConfigOp.OpType.SET));
        Map<String, Object> settings = Map.of("bootstrap.servers", platform.environment("TAILRACE_KAFKA_BOOTSTRAP"));
        try (Admin admin = Admin.create(settings)) {
            Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
            for (String topic : admin.listTopics().names().get()) {
                if (topic.startsWith("tailrace.job-") || topic.startsWith("tailrace.channels.job")) {
                    changes.put(new ConfigResource(ConfigResource.Type.TOPIC, topic), soon);
                }
            }
            admin.incrementalAlterConfigs(changes).all().get();
        }
    }

    private static String state(Api anonymous, String erasure) throws Exception {
        return anonymous.call("GET", erasure, null).json().path("state").asText();
    }

    private static Launcher.Outcome check(Platform platform, String person) throws Exception {
        List<String> command = new ArrayList<>(List.of("erase", person, "--check"));
        TEXTS.forEach(text -> command.addAll(List.of("--contains", text)));
        return platform.launcher().run(command.toArray(String[]::new));
    }

    private static void eventuallyNothing(Path data) throws Exception {
        List<String> last = new ArrayList<>();
        try {
            eventually("nothing is in any file", SOON, () -> {
                last.clear();
                last.addAll(found(data));
                return last.isEmpty();
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ": " + last, e);
        }
    }

    /** Files and which of the texts they have, in any case. Grep skips what a file does not really have: Kafka's indexes are mostly holes. */
    private static List<String> found(Path folder) throws IOException, InterruptedException {
        return found(List.of(folder));
    }

    /** The partitions of the channels of feeds. */
    private static List<Path> feeds(Path data) throws IOException {
        try (Stream<Path> partitions = Files.list(data.resolve("kafka").resolve("log"))) {
            return partitions
                    .filter(partition -> partition.getFileName().toString().startsWith("tailrace.channels.feed-"))
                    .toList();
        }
    }

    private static List<String> found(List<Path> folders) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("grep", "-r", "-o", "-a", "-i", "-s", "-F"));
        TEXTS.forEach(text -> command.addAll(List.of("-e", text)));
        folders.forEach(folder -> command.add(folder.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        Process grep = builder.start();
        List<String> found = new String(grep.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .distinct()
                .toList();
        // 1 is that there is nothing, 2 that a file was deleted meanwhile; grep that could not run is neither.
        assertThat(grep.waitFor()).isBetween(0, 2);
        return found;
    }
}
