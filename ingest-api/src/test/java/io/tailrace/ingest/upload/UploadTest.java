package io.tailrace.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestBroker;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestLog;
import io.tailrace.ingest.testing.UploadProjections;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("server")
class UploadTest {
    private static final String HELLO = "hello, world\n";
    private static final String SHA256 = "853ff93762a06ddbf722c4ebe9ddd66d8f63ddaea97f521c3ecc20da7c976020";
    private static final byte[] PNG = {
        (byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0, 0, 0, 1, 0, 0, 0, 1, 8
    };
    private static final byte[] PROGRAM = {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0x3e, 0};

    private final UUID owner = UUID.randomUUID();
    private final Http http = TestIngest.shared().with(TestKeys.shared().person(owner));

    @BeforeEach
    void theCopyIsThere() {
        UploadProjections.upToDate(owner);
    }

    @Test
    void files_are_facts_under_their_owners_key_when_they_are_answered_and_a_bad_one_is_refused_by_name() {
        Http.Answer answer = new Form()
                .file("../../Grüße.txt", HELLO)
                .file("empty.txt", "")
                .file("cat.txt", "application/pdf", PNG)
                .file("harmless.pdf", "application/pdf", PROGRAM)
                .send(http);

        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        assertThat(answer.body().path("uploads").findValuesAsText("name")).containsExactly("Grüße.txt", "cat.txt");
        assertThat(answer.body().path("uploads").findValuesAsText("detected_type"))
                .containsExactly("text/plain", "image/png");
        assertThat(answer.body().path("refused").findValuesAsText("name")).containsExactly("empty.txt", "harmless.pdf");
        assertThat(answer.body().path("refused").findValuesAsText("reason"))
                .containsExactly("empty", "type_not_allowed");
        JsonNode first = answer.body().at("/uploads/0");
        String id = first.path("id").asText();
        assertThat(first.path("sha256").asText()).isEqualTo(SHA256);
        assertThat(first.path("size").asInt()).isEqualTo(HELLO.length());
        assertThat(first.path("declared_type").asText()).isEqualTo("text/plain");
        assertThat(first.path("state").asText()).isEqualTo("stored");
        assertThat(first.path("channel").asText()).isEqualTo("upload:" + owner + ":" + id);
        assertThat(TestLog.events(Topics.UPLOADS, id)).singleElement().satisfies(logged -> {
            assertThat(logged.key()).isEqualTo(FactKeys.of(owner.toString(), id));
            assertThat(logged.partition()).isEqualTo(FactKeys.partition(owner.toString()));
            assertThat(logged.event().type()).isEqualTo("upload_stored");
            assertThat(logged.data()).contains("\"owner_id\":\"" + owner + "\"", SHA256);
        });
    }

    @Test
    void progress_and_what_became_of_a_file_are_told_on_its_channel_and_its_owners_without_its_name() {
        String id = upload("secret name.txt", HELLO);

        for (String channel : List.of("upload:" + owner + ":" + id, "user:" + owner)) {
            List<TestLog.Logged> told =
                    TestLog.events("tailrace.channels." + channel.substring(0, channel.indexOf(':')), channel);
            assertThat(told)
                    .extracting(each -> each.event().type())
                    .containsExactly("upload_progress", "upload_stored");
            assertThat(told).allSatisfy(each -> {
                assertThat(each.key()).isEqualTo(channel);
                assertThat(each.data()).contains("\"upload\":\"" + id + "\"").doesNotContain("secret");
            });
            assertThat(told.getFirst().data()).contains("\"received\":13", "\"size\":null");
        }
    }

    @Test
    void a_file_is_read_listed_and_deleted_by_its_owner() {
        String first = upload("a.txt", HELLO);
        String second = upload("b.txt", "other");

        assertThat(http.get("/uploads/" + first).body().path("sha256").asText()).isEqualTo(SHA256);
        JsonNode page = http.get("/uploads?limit=1").body();
        assertThat(page.path("uploads").findValuesAsText("id")).containsExactly(second);
        assertThat(http.get("/uploads?limit=1&before=" + page.path("next").asText())
                        .body()
                        .path("uploads")
                        .findValuesAsText("id"))
                .containsExactly(first);

        assertThat(http.send("DELETE", "/uploads/" + first, null).status()).isEqualTo(204);

        assertThat(TestBroker.shared().records(Topics.UPLOADS).stream()
                        .filter(record -> new String(record.key(), StandardCharsets.UTF_8).endsWith(first))
                        .toList()
                        .getLast()
                        .value())
                .isNull();
        UploadProjections.copy(owner);
        assertThat(http.get("/uploads/" + first).status()).isEqualTo(404);
        assertThat(http.get("/uploads/" + first + "/content").status()).isEqualTo(404);
        assertThat(http.send("DELETE", "/uploads/" + first, null).status()).isEqualTo(404);
        assertThat(stored(first)).doesNotExist();
        assertThat(stored(second)).exists();
    }

    @Test
    void a_content_is_a_download_of_which_parts_can_be_had() {
        String id = upload("a \"quoted\" Grüße.txt", HELLO);
        String path = "/uploads/" + id + "/content";

        HttpResponse<byte[]> all = http.bytes(path);
        assertThat(all.statusCode()).isEqualTo(200);
        assertThat(all.body()).isEqualTo(HELLO.getBytes(StandardCharsets.UTF_8));
        assertThat(header(all, "Content-Type")).isEqualTo("text/plain");
        assertThat(header(all, "Content-Length")).isEqualTo("13");
        assertThat(header(all, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(all, "Content-Security-Policy")).isEqualTo("default-src 'none'; sandbox");
        assertThat(header(all, "Content-Disposition"))
                .startsWith("attachment; filename=\"")
                .endsWith("filename*=UTF-8''a%20%22quoted%22%20Gr%C3%BC%C3%9Fe.txt");
        assertThat(header(all, "ETag")).isEqualTo('"' + SHA256 + '"');

        HttpResponse<byte[]> part = http.header("Range", "bytes=7-11").bytes(path);
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(new String(part.body(), StandardCharsets.UTF_8)).isEqualTo("world");
        assertThat(header(part, "Content-Range")).isEqualTo("bytes 7-11/13");
        assertThat(http.header("Range", "bytes=13-").bytes(path).statusCode()).isEqualTo(416);
        assertThat(http.header("Range", "bytes=0-1")
                        .header("If-Range", "\"another\"")
                        .bytes(path)
                        .statusCode())
                .isEqualTo(200);
        assertThat(http.header("If-None-Match", '"' + SHA256 + '"').bytes(path).statusCode())
                .isEqualTo(304);
    }

    @Test
    void what_a_browser_would_run_is_served_as_bytes() {
        String id = upload("page.html", "<!DOCTYPE html><html><body><script>alert(1)</script></body></html>");

        assertThat(http.get("/uploads/" + id).body().path("detected_type").asText())
                .isEqualTo("text/html");
        assertThat(header(http.bytes("/uploads/" + id + "/content"), "Content-Type"))
                .isEqualTo("application/octet-stream");
    }

    @Test
    void those_of_others_are_not_there_for_anybody() {
        String id = upload("a.txt", HELLO);
        UUID other = UUID.randomUUID();
        UploadProjections.upToDate(other);
        Http stranger = TestIngest.shared().with(TestKeys.shared().person(other));

        assertThat(stranger.get("/uploads/" + id).status()).isEqualTo(404);
        assertThat(stranger.get("/uploads/" + id + "/content").status()).isEqualTo(404);
        assertThat(stranger.send("DELETE", "/uploads/" + id, null).status()).isEqualTo(404);
        assertThat(stranger.get("/uploads").body().path("uploads")).isEmpty();
        assertThat(TestIngest.shared().anonymous().get("/uploads/" + id).status())
                .isEqualTo(401);
        assertThat(http.bytes("/uploads/" + id + "/content").statusCode()).isEqualTo(200);
    }

    @Test
    void equal_contents_of_a_person_are_stored_once_and_each_upload_is_deleted_by_itself() throws IOException {
        String first = upload("a.txt", HELLO);
        String second = upload("b.txt", HELLO);

        assertThat(Files.isSameFile(stored(first), stored(second))).isTrue();
        assertThat(http.send("DELETE", "/uploads/" + first, null).status()).isEqualTo(204);
        assertThat(http.bytes("/uploads/" + second + "/content").body())
                .isEqualTo(HELLO.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_file_that_is_longer_than_other_bodies_may_be_arrives_whole() {
        byte[] text = new byte[24 * 1024 * 1024];
        new Random(7).ints(text.length, 'a', 'z').forEach(new java.util.function.IntConsumer() {
            private int at;

            @Override
            public void accept(int letter) {
                text[at++] = (byte) letter;
            }
        });

        Http.Answer answer = new Form().file("long.txt", "text/plain", text).send(http);
        UploadProjections.copy(owner);
        byte[] back = http.bytes("/uploads/" + answer.body().at("/uploads/0/id").asText() + "/content")
                .body();

        assertThat(answer.status()).isEqualTo(201);
        assertThat(Arrays.equals(back, text)).isTrue();
    }

    @Test
    void other_bodies_may_be_as_long_as_before_and_no_longer() {
        byte[] body = new byte[11 * 1024 * 1024];
        Arrays.fill(body, (byte) ' ');

        assertThat(http.send("POST", "/posts", body).status()).isEqualTo(413);
    }

    @Test
    void of_too_many_parts_the_first_are_taken() {
        Form form = new Form();
        for (int i = 0; i < 10_000; i++) {
            form.file(i + ".txt", "text/plain", i < 2 ? new byte[] {'x'} : new byte[0]);
        }
        Http.Answer answer = form.send(http);

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body().path("uploads")).hasSize(2);
        assertThat(answer.body().path("refused").findValuesAsText("reason"))
                .hasSize(99)
                .endsWith("too_many_files");
    }

    @Test
    void a_request_without_a_good_file_is_refused_as_its_first_file_is() {
        Http.Answer none = new Form().send(http);
        Http.Answer bad = new Form().file("a.bin", "text/plain", PROGRAM).send(http);

        assertThat(none.status()).isEqualTo(400);
        assertThat(bad.status()).isEqualTo(415);
        assertThat(bad.body().at("/errors/0/field").asText()).isEqualTo("a.bin");
        assertThat(bad.body().at("/errors/0/message").asText()).startsWith("type_not_allowed");
        assertThat(files()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"application/json,415", "multipart/form-data,400", "multipart/form-data; boundary=other,400"})
    void what_is_no_form_is_refused(String type, int status) {
        Http.Answer answer =
                http.header("Content-Type", type).send("POST", "/uploads", "{}".getBytes(StandardCharsets.UTF_8));

        assertThat(answer.status()).isEqualTo(status);
    }

    @Test
    void a_person_has_a_quota_of_files_and_of_bytes_and_each_file_a_bound() {
        try (TestIngest server = TestIngest.start(Map.of(
                "tailrace.uploads.max-bytes", 10,
                "tailrace.uploads.max-stored", 2,
                "tailrace.uploads.max-stored-bytes", 15))) {
            Http small = server.with(TestKeys.shared().person(owner));
            Http.Answer answer = new Form()
                    .file("long", "01234567890")
                    .file("a", "0123456789")
                    .file("b", "012345")
                    .file("c", "01234")
                    .file("d", "0")
                    .send(small);

            assertThat(answer.body().path("uploads").findValuesAsText("name")).containsExactly("a", "c");
            assertThat(answer.body().path("refused").findValuesAsText("name")).containsExactly("long", "b", "d");
            assertThat(answer.body().path("refused").findValuesAsText("reason"))
                    .containsExactly("too_large", "quota", "quota");
            UploadProjections.copy(owner);
            assertThat(new Form().file("e", "0").send(small).problem()).isEqualTo("payload-too-large");
        }
    }

    @Test
    void without_a_place_for_files_the_answer_is_503() throws IOException {
        Path file = Files.createTempFile("no-folder", "");
        for (String folder : List.of("", file.resolve("below").toString())) {
            try (TestIngest server = TestIngest.start(Map.of("tailrace.files.folder", folder))) {
                Http caller = server.with(TestKeys.shared().person(owner));

                assertThat(new Form().file("a.txt", HELLO).send(caller).status())
                        .as(folder)
                        .isEqualTo(503);
            }
        }
    }

    private String upload(String name, String text) {
        Http.Answer answer = new Form().file(name.replace("\"", "\\\""), text).send(http);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        UploadProjections.copy(owner);
        return answer.body().at("/uploads/0/id").asText();
    }

    private List<Path> files() {
        try (Stream<Path> files = Files.walk(TestIngest.FILES)) {
            return files.filter(file -> file.toString().contains(owner.toString()) && Files.isRegularFile(file))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private Path stored(String id) {
        return TestIngest.FILES.resolve("stored").resolve(owner.toString()).resolve(id);
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
