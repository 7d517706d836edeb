package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The load tests call nothing that the pages of docs/protocol do not have. They need a k6 to run; this needs none. */
class K6ScriptsTest {
    private static final Path ROOT = Path.of("..");

    /** As in {@code call('POST', `/shows/${id}/reservations`, …)}. */
    private static final Pattern CALL = Pattern.compile("\\bcall\\(\\s*'([A-Z]+)',\\s*['`](/[^'`]*)['`]");

    /** A stream, which is opened without {@code call}. */
    private static final Pattern STREAM = Pattern.compile("`\\$\\{origin}(/[^`]*)`");

    /** As in {@code `GET /shows/{id}`} and {@code `PUT`, `DELETE /follows/{user_id}`}. */
    private static final Pattern PROMISE =
            Pattern.compile("`(?:([A-Z]+)`, `)?(GET|POST|PUT|PATCH|DELETE) (/[^\\s`?&\\[]*)");

    private record Request(String method, String path) {}

    @Test
    void every_call_of_the_load_tests_is_one_that_the_protocol_has() throws Exception {
        List<Request> promised = promised();
        List<Request> made = new ArrayList<>();
        try (Stream<Path> files = Files.list(ROOT.resolve("k6"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".js")).toList()) {
                made.addAll(made(Files.readString(file)));
            }
        }

        assertThat(made).hasSizeGreaterThan(15);
        assertThat(made)
                .allSatisfy(request ->
                        assertThat(promised).as("%s", request).anyMatch(promise -> covers(promise, request)));
    }

    private static List<Request> made(String script) {
        List<Request> requests = new ArrayList<>();
        Matcher call = CALL.matcher(script);
        while (call.find()) {
            requests.add(new Request(call.group(1), path(call.group(2))));
        }
        Matcher stream = STREAM.matcher(script);
        while (stream.find()) {
            requests.add(new Request("GET", path(stream.group(1))));
        }
        return requests;
    }

    /** The path without its query, with anything for what varies. */
    private static String path(String literal) {
        return literal.replaceFirst("\\?.*", "").replaceAll("\\$\\{[^}]*}", "x");
    }

    private static List<Request> promised() throws IOException {
        List<Request> requests = new ArrayList<>();
        try (Stream<Path> features = Files.list(ROOT.resolve("docs/protocol"))) {
            for (Path page : Stream.concat(Stream.of(ROOT.resolve("docs/protocol.md")), features)
                    .toList()) {
                Matcher promise = PROMISE.matcher(Files.readString(page));
                while (promise.find()) {
                    if (promise.group(1) != null) {
                        requests.add(new Request(promise.group(1), promise.group(3)));
                    }
                    requests.add(new Request(promise.group(2), promise.group(3)));
                }
            }
        }
        return requests;
    }

    private static boolean covers(Request promise, Request request) {
        return promise.method().equals(request.method())
                && request.path().matches(promise.path().replaceAll("\\{[^}]*}", "[^/]+"));
    }
}
