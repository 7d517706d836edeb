package io.tailrace.systemtests;

import static io.tailrace.systemtests.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.client.NodeUpload;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.SharedPlatform;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Files, with a client that we did not write, on everything that {@code up} starts. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class FilesTest {
    private static final int MIB = 1024 * 1024;
    private static final int CHUNKS = 6;
    private static final byte[] LINE = "It goes on where it was cut.\n".getBytes(StandardCharsets.UTF_8);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void an_upload_of_the_client_of_record_that_was_cut_goes_on_and_its_owner_sees_its_progress(Platform platform)
            throws Exception {
        UUID owner = UUID.randomUUID();
        String token = platform.token(owner.toString());
        Api api = new Api(platform.origin(), token);

        // when it is cut in the middle of the fourth chunk, and resumed
        JsonNode run = NodeUpload.cutAndResume(platform.origin() + "/uploads/resumable", token, CHUNKS);

        // then nothing that was acknowledged is sent again, and the content is that of the client
        assertThat(run.path("sent").asLong()).isGreaterThanOrEqualTo(3L * MIB);
        assertThat(run.path("resumed_at").asLong())
                .isGreaterThanOrEqualTo(run.path("sent").asLong());
        String url = run.path("url").asText();
        String id = url.substring(url.lastIndexOf('/') + 1);
        JsonNode upload = api.call("GET", "/uploads/" + id, null).json();
        assertThat(upload.path("name").asText()).isEqualTo("cut and resumed.txt");
        assertThat(upload.path("detected_type").asText()).isEqualTo("text/plain");
        assertThat(Arrays.equals(content(platform, token, id), expected())).isTrue();

        // and the channel tells of it from the beginning, to its owner alone
        String events = "/channels/" + upload.path("channel").asText() + "/events?after=earliest";
        eventually("the end is told", LIMIT, () -> types(
                        api.call("GET", events, null).json())
                .contains("upload_stored"));
        List<String> types = types(api.call("GET", events, null).json());
        assertThat(types).startsWith("upload_progress").contains("upload_stored");
        assertThat(new Api(platform.origin(), platform.token(UUID.randomUUID().toString()))
                        .call("GET", events, null)
                        .status())
                .isEqualTo(403);
    }

    @Test
    void the_text_of_a_file_is_read_by_a_process_of_its_own_and_its_owner_is_told(Platform platform) throws Exception {
        UUID owner = UUID.randomUUID();
        String token = platform.token(owner.toString());
        Api api = new Api(platform.origin(), token);

        String id = api.upload(
                "report.html",
                "<!DOCTYPE"
                    + " html><html><body><h1>Report</h1><table><tr><td>seats</td><td>12</td></tr></table></body></html>");

        eventually("the text is read", LIMIT, () -> api.call("GET", "/uploads/" + id, null)
                .json()
                .path("state")
                .asText()
                .equals("ready"));
        assertThat(text(platform, token, "/uploads/" + id + "/text").lines())
                .containsSubsequence("Report", "seats\t12");
        String events = "/channels/upload:" + owner + ":" + id + "/events?after=earliest";
        eventually("its owner is told", LIMIT, () -> types(
                        api.call("GET", events, null).json())
                .contains("upload_ready"));
    }

    private static String text(Platform platform, String token, String path) throws Exception {
        return new String(get(platform, token, path), StandardCharsets.UTF_8);
    }

    private static List<String> types(JsonNode page) {
        return page.path("events").findValuesAsText("event");
    }

    private static byte[] content(Platform platform, String token, String id) throws Exception {
        return get(platform, token, "/uploads/" + id + "/content");
    }

    private static byte[] get(Platform platform, String token, String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(platform.origin() + path))
                                    .header("Authorization", "Bearer " + token)
                                    .timeout(LIMIT)
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray())
                    .body();
        }
    }

    private static byte[] expected() {
        byte[] all = new byte[CHUNKS * MIB];
        for (int i = 0; i < all.length; i++) {
            all[i] = LINE[i % LINE.length];
        }
        return all;
    }
}
