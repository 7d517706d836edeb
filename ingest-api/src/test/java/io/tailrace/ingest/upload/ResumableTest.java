package io.tailrace.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestBroker;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestLog;
import io.tailrace.ingest.testing.UploadProjections;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("server")
class ResumableTest {
    private static final String TEXT = "hello, resumable world\n";
    private static final String PATH = "/uploads/resumable";
    private static final String CONTENT = "application/offset+octet-stream";

    private final UUID owner = UUID.randomUUID();
    private final String token = TestKeys.shared().person(owner);
    private final Http http = TestIngest.shared().with(token);
    private final Http tus = http.header("Tus-Resumable", "1.0.0");

    @BeforeEach
    void theCopyIsThere() {
        UploadProjections.upToDate(owner);
    }

    @Test
    void options_say_what_the_server_can_also_to_whoever_has_no_token() {
        Http.Answer answer = TestIngest.shared().anonymous().send("OPTIONS", PATH, null);

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header("Tus-Version")).isEqualTo("1.0.0");
        assertThat(answer.header("Tus-Extension"))
                .isEqualTo("creation,creation-with-upload,termination,checksum,expiration");
        assertThat(answer.header("Tus-Checksum-Algorithm")).contains("sha1");
        assertThat(answer.header("Tus-Max-Size")).isEqualTo("104857600");
    }

    @Test
    void a_file_arrives_in_parts_and_is_an_upload_when_it_is_whole() {
        Http.Answer created = create(TEXT.length());
        String at = created.header("Location");
        String id = id(at);

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Upload-Expires")).endsWith("GMT");
        assertThat(offset(at)).isZero();
        Http.Answer first = patch(tus, at, 0, "hello, ");
        assertThat(first.status()).isEqualTo(204);
        assertThat(first.header("Upload-Offset")).isEqualTo("7");
        assertThat(first.header("Upload-Expires")).isNotEmpty();
        Http.Answer head = tus.send("HEAD", at, null);
        assertThat(head.header("Upload-Offset")).isEqualTo("7");
        assertThat(head.header("Upload-Length")).isEqualTo("23");
        assertThat(head.header("Cache-Control")).isEqualTo("no-store");
        assertThat(TestLog.events(Topics.UPLOADS, id)).isEmpty();

        Http.Answer last = patch(tus, at, 7, TEXT.substring(7));

        assertThat(last.status()).isEqualTo(204);
        assertThat(last.header("Upload-Offset")).isEqualTo("23");
        assertThat(TestLog.events(Topics.UPLOADS, id)).hasSize(1);
        UploadProjections.copy(owner);
        assertThat(http.get("/uploads/" + id).body().path("name").asText()).isEqualTo("Grüße.txt");
        assertThat(http.bytes("/uploads/" + id + "/content").body()).isEqualTo(TEXT.getBytes(StandardCharsets.UTF_8));
        assertThat(offset(at)).as("also when the last answer was lost").isEqualTo(23);
        assertThat(patch(tus, at, 23, "x").status()).isEqualTo(404);
    }

    @Test
    void the_beginning_may_come_with_the_request_that_makes_the_upload() {
        Http.Answer part =
                creation(TEXT.length()).header("Content-Type", CONTENT).send("POST", PATH, bytes("hello"));
        assertThat(part.status()).isEqualTo(201);
        assertThat(part.header("Upload-Offset")).isEqualTo("5");

        Http.Answer all =
                creation(TEXT.length()).header("Content-Type", CONTENT).send("POST", PATH, bytes(TEXT));
        assertThat(all.status()).isEqualTo(201);
        assertThat(all.header("Upload-Offset")).isEqualTo("23");
        assertThat(TestLog.events(Topics.UPLOADS, id(all.header("Location")))).hasSize(1);
    }

    @Test
    void an_offset_that_is_not_the_servers_is_409_and_changes_nothing() {
        String at = create(TEXT.length()).header("Location");
        var unused = patch(tus, at, 0, "hello");

        assertThat(patch(tus, at, 0, "hello").status()).isEqualTo(409);
        assertThat(patch(tus, at, 6, "x").status()).isEqualTo(409);
        assertThat(offset(at)).isEqualTo(5);
    }

    @Test
    void bytes_with_another_checksum_are_460_and_not_taken() throws NoSuchAlgorithmException {
        String at = create(TEXT.length()).header("Location");
        String sha1 = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-1").digest(bytes("hello")));
        Http checked = tus.header("Upload-Checksum", "sha1 " + sha1);

        Http.Answer wrong = patch(checked, at, 0, "jello");
        assertThat(wrong.status()).isEqualTo(460);
        assertThat(wrong.problem()).isEqualTo("checksum-mismatch");
        assertThat(offset(at)).isZero();
        assertThat(patch(checked, at, 0, "hello").status()).isEqualTo(204);
        assertThat(offset(at)).isEqualTo(5);
        assertThat(patch(tus.header("Upload-Checksum", "crc32 AAAA"), at, 5, "x")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void another_version_of_the_protocol_is_412_with_the_one_that_there_is() {
        String at = create(TEXT.length()).header("Location");

        for (Http caller : List.of(http, http.header("Tus-Resumable", "0.2.2"))) {
            Http.Answer answer = patch(caller, at, 0, "hello");
            assertThat(answer.status()).isEqualTo(412);
            assertThat(answer.header("Tus-Version")).isEqualTo("1.0.0");
            assertThat(caller.send("HEAD", at, null).status()).isEqualTo(412);
            assertThat(caller.send("DELETE", at, null).status()).isEqualTo(412);
            assertThat(caller.send("POST", PATH, null).status()).isEqualTo(412);
        }
    }

    @Test
    void more_than_the_upload_or_the_server_takes_is_413() {
        String at = create(3).header("Location");

        assertThat(patch(tus, at, 0, "hello").status()).isEqualTo(413);
        assertThat(offset(at)).isZero();
        assertThat(create(104_857_601).status()).isEqualTo(413);
    }

    @Test
    void another_media_type_than_the_protocols_is_415() {
        String at = create(5).header("Location");
        Http plain = tus.header("Upload-Offset", "0").header("Content-Type", "text/plain");

        assertThat(plain.send("PATCH", at, bytes("hello")).status()).isEqualTo(415);
    }

    @Test
    void a_content_that_is_not_taken_is_415_and_gone_when_it_is_whole() {
        String at = create(4).header("Location");

        assertThat(patch(tus, at, 0, "\u007fELF").status()).isEqualTo(415);
        assertThat(tus.send("HEAD", at, null).status()).isEqualTo(404);
        assertThat(TestLog.events("tailrace.channels.upload", id(at)))
                .extracting(each -> each.event().type())
                .endsWith("upload_failed");
    }

    @ParameterizedTest
    @CsvSource({",", "0,", "-1,", "x,", "5,filename !"})
    void a_creation_of_another_form_is_400(@Nullable String length, @Nullable String metadata) {
        Http caller = length == null ? tus : tus.header("Upload-Length", length);
        caller = metadata == null ? caller : caller.header("Upload-Metadata", metadata);

        assertThat(caller.send("POST", PATH, null).status()).isEqualTo(400);
        assertThat(tus.header("Upload-Defer-Length", "1")
                        .send("POST", PATH, null)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void a_deleted_one_is_gone_with_its_bytes() {
        String at = create(TEXT.length()).header("Location");
        var unused = patch(tus, at, 0, "hello");

        assertThat(tus.send("DELETE", at, null).status()).isEqualTo(204);

        assertThat(tus.send("HEAD", at, null).status()).isEqualTo(404);
        assertThat(patch(tus, at, 5, "x").status()).isEqualTo(404);
        assertThat(tus.send("DELETE", at, null).status()).isEqualTo(404);
        assertThat(Files.exists(TestIngest.FILES.resolve("incoming/" + owner + "/" + id(at))))
                .isFalse();
    }

    @Test
    void those_of_others_are_not_there_for_anybody() {
        String at = create(TEXT.length()).header("Location");
        UUID other = UUID.randomUUID();
        UploadProjections.upToDate(other);
        Http stranger =
                TestIngest.shared().with(TestKeys.shared().person(other)).header("Tus-Resumable", "1.0.0");

        assertThat(stranger.send("HEAD", at, null).status()).isEqualTo(404);
        assertThat(patch(stranger, at, 0, "hello").status()).isEqualTo(404);
        assertThat(stranger.send("DELETE", at, null).status()).isEqualTo(404);
        Http nobody = TestIngest.shared().anonymous().header("Tus-Resumable", "1.0.0");
        assertThat(nobody.send("HEAD", at, null).status()).isEqualTo(401);
        assertThat(offset(at)).isZero();
    }

    @Test
    void an_expired_one_is_not_there_and_does_not_count_for_the_quota_as_one_that_is_arriving_does()
            throws IOException {
        try (TestIngest server = TestIngest.start(Map.of("tailrace.uploads.max-stored", 1))) {
            Http caller = server.with(token).header("Tus-Resumable", "1.0.0").header("Upload-Length", "5");
            Http.Answer created = caller.send("POST", PATH, null);
            String at = created.header("Location");
            assertThat(created.status()).isEqualTo(201);
            assertThat(caller.send("POST", PATH, null).status()).isEqualTo(413);

            Path state = TestIngest.FILES.resolve("state/" + owner + "/" + id(at));
            Files.writeString(
                    state,
                    Files.readString(state)
                            .replaceFirst("\"expires_at\":\"[^\"]*\"", "\"expires_at\":\"2020-01-01T00:00:00Z\""));

            assertThat(caller.send("HEAD", at, null).status()).isEqualTo(404);
            assertThat(patch(caller, at, 0, "hello").status()).isEqualTo(404);
            assertThat(caller.send("POST", PATH, null).status()).isEqualTo(201);
            assertThat(caller.send("DELETE", at, null).status()).isEqualTo(204);
            assertThat(state).doesNotExist();
        }
    }

    @Test
    void nothing_stays_of_an_upload_whose_beginning_is_refused() {
        Http wrong = creation(TEXT.length())
                .header("Content-Type", CONTENT)
                .header("Upload-Checksum", "sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA=");

        assertThat(wrong.send("POST", PATH, bytes("hello")).status()).isEqualTo(460);

        assertThat(TestIngest.FILES.resolve("state/" + owner)).isEmptyDirectory();
        assertThat(TestIngest.FILES.resolve("incoming/" + owner)).isEmptyDirectory();
    }

    @Test
    void a_client_that_can_only_post_names_the_method_and_what_it_said_of_the_file_comes_back() {
        String at = create(TEXT.length()).header("Location");
        Http post = tus.header("X-HTTP-Method-Override", "PATCH")
                .header("Upload-Offset", "0")
                .header("Content-Type", CONTENT);

        assertThat(post.send("POST", at, bytes("hello")).status()).isEqualTo(204);
        assertThat(tus.send("HEAD", at, null).header("Upload-Metadata")).startsWith("filename ");
        assertThat(tus.send("POST", at, null).status()).isEqualTo(400);
        assertThat(tus.header("X-HTTP-Method-Override", "DELETE")
                        .send("POST", at, null)
                        .status())
                .isEqualTo(204);
        assertThat(tus.send("HEAD", "/uploads/resumable/none", null).header("Tus-Resumable"))
                .isEqualTo("1.0.0");
    }

    @Test
    void a_deleted_upload_does_not_come_back_when_its_last_answer_was_lost() throws IOException {
        String at = create(5).header("Location");
        String id = id(at);
        Path state = TestIngest.FILES.resolve("state/" + owner + "/" + id);
        String kept = Files.readString(state);
        assertThat(patch(tus, at, 0, "hello").status()).isEqualTo(204);
        Files.writeString(state, kept.replace("\"offset\":0", "\"offset\":5"));
        UploadProjections.copy(owner);

        assertThat(http.send("DELETE", "/uploads/" + id, null).status()).isEqualTo(204);
        UploadProjections.copy(owner);

        assertThat(tus.send("HEAD", at, null).status()).isEqualTo(404);
        assertThat(facts(id)).isEqualTo(1);
        // Nor does one of which the store has lost the bytes become an empty file.
        Files.writeString(state, kept.replace("\"offset\":0", "\"offset\":5"));
        assertThat(tus.send("HEAD", at, null).status()).isEqualTo(503);
        assertThat(facts(id)).isEqualTo(1);
    }

    @Test
    void while_one_request_writes_another_is_423_and_what_came_before_a_cut_stays() throws IOException {
        String at = create(TEXT.length()).header("Location");
        try (Socket socket = new Socket("127.0.0.1", TestIngest.shared().port())) {
            socket.getOutputStream()
                    .write(bytes("PATCH " + at + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                            + "\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: " + CONTENT
                            + "\r\nContent-Length: 23\r\n\r\nhello"));
            socket.getOutputStream().flush();

            Eventually.holds(
                    "the first writes",
                    () -> Files.size(TestIngest.FILES.resolve("incoming/" + owner + "/" + id(at))) == 5);
            // With an offset that is wrong all the time, so that it never writes itself.
            Eventually.holds(
                    "the first has the lock", () -> patch(tus, at, 20, "x").status() == 423);
            Eventually.holds(
                    "nor can it be deleted", () -> tus.send("DELETE", at, null).status() == 423);
        }

        Eventually.holds("what came is there", () -> offset(at) == 5);
        Eventually.holds("nobody has the lock", () -> patch(tus, at, 20, "x").status() == 409);
        // It may be told to write less often first.
        Eventually.holds("it goes on", () -> patch(tus, at, 5, TEXT.substring(5))
                .header("Upload-Offset")
                .equals("23"));
    }

    @Test
    void one_of_which_all_bytes_were_there_when_the_service_died_is_finished_by_the_next_look() throws IOException {
        String at = create(5).header("Location");
        UUID id = UUID.fromString(id(at));
        Files.writeString(TestIngest.FILES.resolve("incoming/" + owner + "/" + id), "hello");
        Path state = TestIngest.FILES.resolve("state/" + owner + "/" + id);
        Files.writeString(state, Files.readString(state).replace("\"offset\":0", "\"offset\":5"));

        assertThat(offset(at)).isEqualTo(5);

        assertThat(TestLog.events(Topics.UPLOADS, id.toString())).hasSize(1);
        UploadProjections.copy(owner);
        assertThat(http.bytes("/uploads/" + id + "/content").body()).isEqualTo(bytes("hello"));
    }

    /** How often the log says that an upload is stored. */
    private static long facts(String id) {
        return TestBroker.shared().records(Topics.UPLOADS).stream()
                .filter(record -> record.value() != null)
                .filter(record -> new String(record.key(), StandardCharsets.UTF_8).endsWith(id))
                .count();
    }

    private Http creation(long length) {
        String name = Base64.getEncoder().encodeToString(bytes("../Grüße.txt"));
        return tus.header("Upload-Length", Long.toString(length))
                .header("Upload-Metadata", "filename " + name + ",filetype dGV4dC9wbGFpbg==");
    }

    private Http.Answer create(long length) {
        return creation(length).send("POST", PATH, null);
    }

    private static Http.Answer patch(Http caller, String at, long offset, String text) {
        return caller.header("Upload-Offset", Long.toString(offset))
                .header("Content-Type", CONTENT)
                .send("PATCH", at, bytes(text));
    }

    private long offset(String at) {
        return Long.parseLong(tus.send("HEAD", at, null).header("Upload-Offset"));
    }

    private static String id(String location) {
        return location.substring(location.lastIndexOf('/') + 1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
