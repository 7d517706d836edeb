package io.tailrace.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestLog;
import io.tailrace.ingest.testing.UploadProjections;
import io.tailrace.kit.extract.ExtractionFault;
import io.tailrace.kit.extract.FileTexts;
import io.tailrace.kit.file.FolderStore;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is seen of texts, and which jobs there are for them. The texts are put where workers put them. */
@Tag("server")
class UploadTextTest {
    private static final byte[] PNG = {
        (byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0, 0, 0, 1, 0, 0, 0, 1, 8
    };

    private final UUID owner = UUID.randomUUID();
    private final Http http = TestIngest.shared().with(TestKeys.shared().person(owner));
    private final FileTexts texts = new FileTexts(new FolderStore(TestIngest.FILES));

    @BeforeEach
    void theCopyIsThere() {
        UploadProjections.upToDate(owner);
    }

    private UUID upload(String name, byte[] content) {
        Http.Answer answer = new Form().file(name, "text/plain", content).send(http);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        UploadProjections.copy(owner);
        return UUID.fromString(answer.body().at("/uploads/0/id").asText());
    }

    private UUID upload() {
        return upload("a.txt", "words".getBytes(StandardCharsets.UTF_8));
    }

    private static String body(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static List<TestLog.Logged> jobs(UUID upload) {
        return TestLog.events(Topics.JOB_COMMANDS, "files").stream()
                .filter(logged -> logged.data().contains(upload.toString()))
                .toList();
    }

    @Test
    void a_file_with_text_has_one_job_with_its_own_id_and_a_picture_has_none() {
        UUID text = upload();
        UUID picture = upload("cat.png", PNG);

        assertThat(jobs(text)).singleElement().satisfies(logged -> assertThat(logged.data())
                .contains(
                        "\"command_id\":\"" + text + "\"",
                        "\"upload_id\":\"" + text + "\"",
                        "\"owner_id\":\"" + owner + "\"",
                        "\"detected_type\":\"text/plain\""));
        assertThat(jobs(picture)).isEmpty();
        assertThat(http.get("/uploads/" + picture + "/text").status()).isEqualTo(409);
    }

    @Test
    void the_state_of_an_upload_is_that_of_its_text() throws Exception {
        UUID waiting = upload();
        UUID ready = upload();
        UUID failed = upload();
        texts.keep(owner, ready, List.of("one", "two"));
        texts.keep(owner, failed, ExtractionFault.ENCRYPTED);

        assertThat(http.get("/uploads/" + waiting).body().path("state").asText())
                .isEqualTo("stored");
        JsonNode read = http.get("/uploads/" + ready).body();
        assertThat(read.path("state").asText()).isEqualTo("ready");
        assertThat(read.path("pages").asInt()).isEqualTo(2);
        assertThat(read.path("text_characters").asInt()).isEqualTo(6);
        JsonNode without = http.get("/uploads/" + failed).body();
        assertThat(without.path("state").asText()).isEqualTo("failed");
        assertThat(without.path("reason").asText()).isEqualTo("encrypted");
        assertThat(http.get("/uploads").body().path("uploads").findValuesAsText("state"))
                .containsExactly("failed", "ready", "stored");
        assertThat(http.get("/uploads/" + waiting + "/text")
                        .body()
                        .path("detail")
                        .asText())
                .contains("not read yet");
        assertThat(http.get("/uploads/" + failed + "/text")
                        .body()
                        .path("detail")
                        .asText())
                .contains("encrypted");
    }

    @Test
    void a_text_is_read_as_a_whole_or_by_its_pages_by_its_owner_alone() throws Exception {
        UUID upload = upload();
        texts.keep(owner, upload, List.of("Grüße\tzwei", "page 2", "page 3"));
        String path = "/uploads/" + upload + "/text";

        HttpResponse<byte[]> all = http.bytes(path);
        assertThat(all.statusCode()).isEqualTo(200);
        assertThat(body(all)).isEqualTo("Grüße\tzwei\fpage 2\fpage 3");
        assertThat(all.headers().firstValue("Content-Type").orElse("")).isEqualTo("text/plain;charset=utf-8");
        assertThat(all.headers().firstValue("X-Content-Type-Options").orElse(""))
                .isEqualTo("nosniff");
        assertThat(body(http.bytes(path + "?page=2"))).isEqualTo("page 2");
        assertThat(body(http.bytes(path + "?page=2-9"))).isEqualTo("page 2\fpage 3");
        assertThat(http.get(path + "?page=4").status()).isEqualTo(404);
        UUID other = UUID.randomUUID();
        UploadProjections.upToDate(other);
        assertThat(TestIngest.shared()
                        .with(TestKeys.shared().person(other))
                        .get(path)
                        .status())
                .isEqualTo(404);
        assertThat(TestIngest.shared().anonymous().get(path).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "x", "2-1", "1-2-3", "9999999999", ""})
    void other_pages_are_refused(String page) throws Exception {
        UUID upload = upload();
        texts.keep(owner, upload, List.of("one"));

        assertThat(http.get("/uploads/" + upload + "/text?page=" + page).status())
                .isEqualTo(400);
    }

    @Test
    void a_text_goes_with_its_file() throws Exception {
        UUID upload = upload();
        texts.keep(owner, upload, List.of("one"));

        assertThat(http.send("DELETE", "/uploads/" + upload, null).status()).isEqualTo(204);

        assertThat(texts.state(owner, upload)).isEmpty();
    }
}
