package io.tailrace.extractor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.kit.extract.ExtractJob;
import io.tailrace.kit.extract.FileTexts;
import io.tailrace.kit.extract.TextState;
import io.tailrace.kit.file.FileArea;
import io.tailrace.kit.file.FileKey;
import io.tailrace.kit.file.FileStores;
import io.tailrace.kit.file.FileWriter;
import io.tailrace.kit.file.FolderStore;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.testing.FakeJob;
import io.tailrace.workers.extract.ExtractEvents;
import io.tailrace.workers.extract.ExtractHandler;
import io.tailrace.workers.extract.ExtractSettings;
import io.tailrace.workers.extract.Extractor;
import java.io.Closeable;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a job, with the real program and the real store. The log is Kafka's own double of a producer. */
@Tag("server")
class ExtractHandlerTest {
    private final UUID owner = UUID.randomUUID();
    private final UUID id = UUID.randomUUID();
    private final MockProducer<byte[], byte[]> log =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());

    private Path folder;
    private FolderStore store;
    private FileTexts texts;

    @BeforeEach
    void start(@TempDir Path folder) {
        this.folder = folder;
        store = new FolderStore(folder.resolve("files"));
        texts = new FileTexts(store);
    }

    private ExtractHandler handler(String classPath) {
        ExtractSettings settings = ChildPath.settings(classPath, folder.resolve("reading"), 192, Duration.ofMinutes(2));
        return new ExtractHandler(
                settings,
                new FileStores(Optional.of(store)),
                new Extractor(settings),
                new ExtractEvents(log, Namespaces.builtIn(), InstantSource.system()));
    }

    private FileKey stored() {
        return new FileKey(FileArea.STORED, owner, id);
    }

    private void store(byte[] content) throws Exception {
        try (FileWriter out = store.write(stored())) {
            out.write(content, 0, content.length);
            out.sync();
        }
    }

    private Object run(String type) throws Exception {
        return handler(ChildPath.classPath()).run(new ExtractJob(owner, id, type), FakeJob.of(id, 1));
    }

    private List<String> told() {
        return log.history().stream()
                .map(record -> new String(record.key(), StandardCharsets.UTF_8) + " "
                        + new String(record.value(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void a_text_is_kept_beside_the_file_before_its_owner_is_told() throws Exception {
        store(Documents.pdf("first page", "second page"));

        Object result = run(Documents.PDF);

        assertThat(result).isEqualTo(texts.state(owner, id).orElseThrow());
        try (InputStream second = texts.text(owner, id, 2, 2)) {
            assertThat(new String(second.readAllBytes(), StandardCharsets.UTF_8).strip())
                    .isEqualTo("second page");
        }
        String channel = "upload:" + owner + ":" + id;
        assertThat(told())
                .anySatisfy(event -> assertThat(event).startsWith(channel).contains("\"pages\":1,\"of\":2"))
                .anySatisfy(event -> assertThat(event).startsWith(channel).contains("\"text_characters\":"))
                .anySatisfy(
                        event -> assertThat(event).startsWith("user:" + owner).contains("\"text_characters\":"));
        assertThat(told().getLast()).contains("text_characters");

        // An attempt that runs again tells the end once more and reads nothing.
        int before = log.history().size();
        assertThat(run(Documents.PDF)).isEqualTo(result);
        assertThat(log.history()).hasSize(before + 2);
    }

    @Test
    void a_file_without_a_text_has_a_reason_and_the_job_succeeds() throws Exception {
        store(Documents.encryptedPdf("secret"));

        assertThat(run(Documents.PDF)).isEqualTo(new TextState("encrypted", 0, 0));

        assertThat(texts.state(owner, id)).contains(new TextState("encrypted", 0, 0));
        assertThat(told()).hasSize(2).allSatisfy(event -> assertThat(event)
                .contains("\"reason\":\"encrypted\"", "\"upload\":\"" + id + "\""));
    }

    @Test
    void a_file_that_was_deleted_gets_no_text() throws Exception {
        assertThat(run("text/plain")).isEqualTo(Map.of("state", "deleted"));

        assertThat(texts.state(owner, id)).isEmpty();
        assertThat(log.history()).isEmpty();
    }

    @Test
    void while_somebody_else_has_the_file_nothing_is_kept_and_the_job_is_tried_again() throws Exception {
        store("words".getBytes(StandardCharsets.UTF_8));

        try (Closeable unused = store.lock(stored())) {
            assertThat(catchThrowableOfType(JobFailure.class, () -> run("text/plain")))
                    .satisfies(failure -> assertThat(failure.isFinal()).isFalse())
                    .extracting(JobFailure::type)
                    .isEqualTo("file_busy");
        }
        assertThat(texts.state(owner, id)).isEmpty();
    }

    @Test
    void a_process_without_an_extractor_says_so() throws Exception {
        store("words".getBytes(StandardCharsets.UTF_8));

        JobFailure failure = catchThrowableOfType(
                JobFailure.class, () -> handler("").run(new ExtractJob(owner, id, "text/plain"), FakeJob.of(id, 1)));

        assertThat(failure.type()).isEqualTo("not_configured");
        assertThat(failure.isFinal()).isTrue();
        assertThat(texts.state(owner, id)).isEmpty();
    }
}
