package io.tailrace.contracts.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobTypesTest {
    @Test
    void theTypesThatShipWithTailraceAreForDeclaredQueues() {
        assertThat(JobTypes.builtIn().in(JobQueues.builtIn()).all())
                .extracting(JobType::name)
                .containsExactly(
                        "answer",
                        "bridge",
                        "email",
                        "erase",
                        "export",
                        "extract",
                        "forget",
                        "redrive",
                        "reindex",
                        "telegram",
                        "webhook");
    }

    @Test
    void anEMailHasARecipientASubjectAndAText() {
        JobType email = JobTypes.builtIn().of("email").orElseThrow();

        assertThat(email.faults(Map.of("to", "ada@example.org", "subject", "Hello", "text", "a\nb")))
                .isEmpty();
        assertThat(email.faults(Map.of("to", "ada", "subject", "a\nb", "text", "", "html", 7, "cc", "x")))
                .containsOnlyKeys("to", "subject", "text", "html", "cc")
                .containsEntry("to", "a text of 3 characters, expected email")
                .containsEntry("html", "a number, expected text 1..150000")
                .containsEntry("cc", "unknown field, expected data, html, subject, text, to");
        assertThat(email.faults(Map.of())).containsOnlyKeys("to", "subject", "text");
        assertThat(email.faults(List.of()))
                .isEqualTo(Map.of("", "expected an object with data, html, subject, text, to"));
        assertThat(email.faults(null)).containsOnlyKeys("");
    }

    @Test
    void aChatIsANumberOrAName() {
        JobType telegram = JobTypes.builtIn().of("telegram").orElseThrow();

        assertThat(telegram.faults(Map.of("chat_id", -100_123_456_789L, "text", "x", "parse_mode", "HTML")))
                .isEmpty();
        assertThat(telegram.faults(Map.of("chat_id", "@news", "text", "x"))).isEmpty();
        assertThat(telegram.faults(Map.of("chat_id", true, "text", "x", "parse_mode", "html")))
                .containsOnlyKeys("chat_id", "parse_mode");
    }

    @Test
    void aWebhookGoesToAnAddressOrToAnEndpointAndNotToBoth() {
        JobType webhook = JobTypes.builtIn().of("webhook").orElseThrow();
        Map<String, Object> event = Map.of("type", "x");
        String endpoint = "01890000-0000-7000-8000-00000000000a";

        assertThat(webhook.faults(Map.of("url", "https://example.org/hook", "event", event)))
                .isEmpty();
        assertThat(webhook.faults(Map.of("endpoint", endpoint, "event", event))).isEmpty();
        assertThat(webhook.faults(Map.of("event", event)))
                .isEqualTo(Map.of("url", "expected exactly one of url, endpoint"));
        assertThat(webhook.faults(Map.of("url", "https://example.org", "endpoint", endpoint, "event", event)))
                .containsOnlyKeys("url");
        for (String url : List.of("ftp://example.org", "https://", "/hook", "https://u:p@example.org", "no url")) {
            assertThat(webhook.faults(Map.of("url", url, "event", event)))
                    .as(url)
                    .containsOnlyKeys("url");
        }
    }

    @Test
    void theKeyOfAJobIsAFieldOfItsPayloadIfItsTypeSaysSo() {
        JobType telegram = JobTypes.builtIn().of("telegram").orElseThrow();
        JobType email = JobTypes.builtIn().of("email").orElseThrow();

        assertThat(telegram.key(Map.of("chat_id", -100123L, "text", "t"))).isEqualTo("-100123");
        assertThat(telegram.key(Map.of("chat_id", "@news", "text", "t"))).isEqualTo("@news");
        assertThat(telegram.key(Map.of("chat_id", "@" + "n".repeat(128)))).isNull();
        assertThat(telegram.key(Map.of("text", "t"))).isNull();
        assertThat(telegram.key(null)).isNull();
        assertThat(email.key(Map.of("to", "a@b"))).isNull();
        String id = "0198C0DE-0000-7000-8000-00000000000A";
        assertThat(JobTypes.builtIn().of("webhook").orElseThrow().key(Map.of("endpoint", id)))
                .isEqualTo("0198c0de-0000-7000-8000-00000000000a");
    }

    @Test
    void whatIsNullIsMissing() {
        Map<String, Object> payload = new HashMap<>(Map.of("to", "a@b", "subject", "s", "text", "t"));
        payload.put("html", null);
        JobType email = JobTypes.builtIn().of("email").orElseThrow();

        assertThat(email.faults(payload)).isEmpty();
        payload.put("text", null);
        assertThat(email.faults(payload)).isEqualTo(Map.of("text", "is missing, expected text 1..100000"));
    }

    @Test
    void aTypeOfAnInstallationComesBesideTheOthersAndTakesAnyJson(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("types.properties"),
                "image.resize.queue=default\n"
                        + "image.resize.max_attempts=3\n"
                        + "image.resize.give_up_on=bad_image, too_large\n");

        JobTypes types = JobTypes.builtInAnd(file).in(JobQueues.builtIn());

        JobType resize = types.of("image.resize").orElseThrow();
        assertThat(resize)
                .isEqualTo(new JobType(
                        "image.resize",
                        "default",
                        3,
                        300,
                        new RetryPolicy(2_000, 600_000, List.of("bad_image", "too_large")),
                        Map.of(),
                        List.of(),
                        JobType.REMOTE,
                        false,
                        null));
        assertThat(resize.faults(null)).isEmpty();
        assertThat(types.of("email")).map(JobType::workers).contains(JobType.PLATFORM);
    }

    @Test
    void aTypeMayHaveAQueueThatItsJobsDoNotLeaveAndItsWorkersLookAtNoOther() throws IOException {
        JobTypes types = JobTypes.read(new StringReader("a.queue=telegram\na.workers=gpu\na.queue_only=true\n"
                + "b.queue=default\nb.workers=cpu\nb.queue_only=true\nc.queue=default\nc.workers=cpu\n"));
        JobQueues queues = JobQueues.builtIn();

        JobType only = types.of("a").orElseThrow();
        assertThat(only.mayBeIn("telegram")).isTrue();
        assertThat(only.mayBeIn("default")).isFalse();
        assertThat(types.of("c").orElseThrow().mayBeIn("telegram")).isTrue();
        assertThat(types.queuesOf("gpu", queues)).extracting(JobQueue::name).containsExactly("telegram");
        assertThat(types.queuesOf("cpu", queues)).isEqualTo(queues.all());
        assertThat(types.queuesOf("nobody", queues)).isEqualTo(queues.all());
        assertThatThrownBy(() -> JobTypes.read(new StringReader("a.queue=default\na.queue_only=yes\n")))
                .hasMessage("a: queue_only: \"yes\", expected true or false");
    }

    @Test
    void aTypeOfAnInstallationIsRunByTheWorkersThatItNames(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("types.properties"),
                "a.queue=default\na.workers=platform\nb.queue=default\nb.workers=gpu\nc.queue=default\n");

        JobTypes types = JobTypes.builtInAnd(file);

        assertThat(types.of("a")).map(JobType::workers).contains(JobType.PLATFORM);
        assertThat(types.of("b")).map(JobType::workers).contains("gpu");
        assertThat(types.of("c")).map(JobType::workers).contains(JobType.REMOTE);
        Path wrong = Files.writeString(folder.resolve("wrong.properties"), "a.queue=default\na.workers=My Workers\n");
        assertThatThrownBy(() -> JobTypes.builtInAnd(wrong)).hasMessageContaining("a: workers: expected [a-z]");
    }

    @Test
    void everyFaultOfAFileIsTold(@TempDir Path folder) throws IOException {
        String text = "a.size=3\nb.max_attempts=2\nC.queue=default\nd.queue=default\nd.max_attempts=many\n"
                + "e.queue=default\ne.payload.x=colour\nf.queue=default\nf.payload_one_of=y\n"
                + "g.queue=default\ng.key=z\n";
        Path file = Files.writeString(folder.resolve("types.properties"), text);

        assertThatThrownBy(() -> JobTypes.builtInAnd(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("a.size: unknown")
                .hasMessageContaining("b: queue is missing")
                .hasMessageContaining("C: type: expected [a-z]")
                .hasMessageContaining("d: max_attempts: \"many\", expected a number")
                .hasMessageContaining("e: payload.x: \"colour\", expected any, array")
                .hasMessageContaining("f: payload_one_of: \"y\", expected optional fields of the payload")
                .hasMessageContaining("g: key: \"z\", expected a field of the payload");
    }

    @Test
    void aTypeOfTailraceCannotBeDeclaredAgain(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("types.properties"), "email.queue=default\n");

        assertThatThrownBy(() -> JobTypes.builtInAnd(file))
                .hasMessageContaining("email: ships with Tailrace and cannot be declared again");
    }

    @Test
    void aTypeForAQueueThatIsNotDeclaredIsRefused() throws IOException {
        JobTypes types = JobTypes.read(new StringReader("resize.queue=images\n"));

        assertThatThrownBy(() -> types.in(JobQueues.builtIn()))
                .hasMessage("the job type resize is for the queue images, which is not declared");
    }

    @Test
    void aPatternIsATypeOrTheBeginningOfOne() {
        assertThat(new JobTypePattern("image.*").matches("image.resize")).isTrue();
        assertThat(new JobTypePattern("image.*").matches("images")).isFalse();
        assertThat(new JobTypePattern("email").matches("email")).isTrue();
        assertThat(new JobTypePattern("email").matches("email2")).isFalse();
        assertThat(new JobTypePattern("*").matches("anything")).isTrue();
        for (String none : List.of("", "**", "*.resize", "Image", "a*b", "a b")) {
            assertThatThrownBy(() -> new JobTypePattern(none)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void idsOfCommandsAreKeptApartByWhoAsksForWhatOfWhichJob() {
        var job = java.util.UUID.fromString("01890000-0000-7000-8000-00000000000a");

        assertThat(JobCommandIds.enqueue("a", "k")).isEqualTo(JobCommandIds.enqueue("a", "k"));
        assertThat(List.of(
                        JobCommandIds.enqueue("a", "k"),
                        JobCommandIds.enqueue("b", "k"),
                        JobCommandIds.enqueue("a", "l"),
                        JobCommandIds.cancel("a", job, "k"),
                        JobCommandIds.retry("a", job, "k"),
                        JobCommandIds.runNow("a", job, "k")))
                .doesNotHaveDuplicates()
                .allMatch(id -> id.version() == 7 && id.variant() == 2);
    }
}
