package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.SharedPlatform;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of the live page, and those of the JavaScript client on which it runs. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class LiveFilesTest {
    private static final Path CLIENT = Path.of("..", "clients", "javascript", "packages", "client", "src");

    /** What differs from file to file. */
    private static final Set<String> OWN = Set.of("content-length", "date", "last-modified", "expires");

    private static Platform platform;
    private static HttpClient http;

    @BeforeAll
    static void start(Platform shared) {
        platform = shared;
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        if (http != null) {
            http.close();
        }
    }

    @Test
    void the_client_is_served_from_its_own_sources_with_the_headers_of_the_pages_files() throws Exception {
        // given a file of the page
        HttpResponse<String> ofThePage = get("/live/js/app.js");
        assertThat(ofThePage.statusCode()).isEqualTo(200);
        assertThat(ofThePage.headers().firstValue("Content-Security-Policy")).isPresent();
        assertThat(ofThePage.headers().firstValue("X-Content-Type-Options")).contains("nosniff");

        // then each file of the client is what its source is, and comes in the same way
        List<Path> sources;
        try (var all = Files.walk(CLIENT)) {
            sources = all.filter(file -> file.toString().endsWith(".js")).toList();
        }
        assertThat(sources).isNotEmpty();
        for (Path source : sources) {
            String path = "/live/client/" + CLIENT.relativize(source).toString().replace('\\', '/');
            HttpResponse<String> file = get(path);
            assertThat(file.statusCode()).as(path).isEqualTo(200);
            assertThat(file.body()).as(path).isEqualTo(Files.readString(source));
            assertThat(headers(file)).as(path).isEqualTo(headers(ofThePage));
        }
    }

    @Test
    void a_file_that_a_browser_has_is_not_sent_again() throws Exception {
        String modified = get("/live/client/index.js")
                .headers()
                .firstValue("Last-Modified")
                .orElseThrow();

        HttpResponse<String> again = get("/live/client/index.js", "If-Modified-Since", modified);

        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nothing.js",
                "shared/nothing.js",
                "../../standalone.yml",
                "..%2f..%2fstandalone.yml",
                "%2e%2e/%2e%2e/standalone.yml",
                "..%5c..%5cstandalone.yml",
                "%252e%252e/%252e%252e/standalone.yml",
                "//etc/passwd",
                "index.js%00.html"
            })
    void nothing_else_is_there(String path) throws Exception {
        HttpResponse<String> answer = get("/live/client/" + path);

        assertThat(answer.statusCode()).as(answer.body()).isIn(400, 404);
        assertThat(answer.body()).doesNotContain("micronaut:").doesNotContain("root:");
    }

    private static HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(platform.origin() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Map<String, List<String>> headers(HttpResponse<?> response) {
        Map<String, List<String>> headers = new TreeMap<>(response.headers().map());
        headers.keySet().removeAll(OWN);
        return headers;
    }
}
