package io.tailrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.tailrace.standalone.data.DataFolder;
import io.tailrace.standalone.data.RunState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code ./tailrace jobs} asks for, prints and refuses, with a server that the test plays. */
class JobsTest {
    private static final String ID = "0199a000-0000-7000-8000-000000000001";

    @TempDir
    private Path temporary = Path.of("");

    private final List<String> requests = new ArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final PrintStream systemOut = System.out;
    private final PrintStream systemErr = System.err;
    private HttpServer server = server();
    private int status = 200;
    private String body = "{}";

    @BeforeEach
    void start() {
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] answer = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        DataFolder folder = new DataFolder(temporary);
        folder.open();
        String origin = "http://127.0.0.1:" + server.getAddress().getPort();
        new RunState(RunState.UP, origin, 1, 0, List.of()).write(folder);
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        System.setOut(systemOut);
        System.setErr(systemErr);
        server.stop(0);
    }

    @Test
    void queues_and_jobs_are_tables_or_what_the_server_says() {
        body = "{\"queues\":[{\"name\":\"default\",\"state\":\"paused\",\"sizes\":{\"ready\":12,\"dead\":3},"
                + "\"last_minute\":{\"enqueued\":7,\"succeeded\":6}}],\"jobs\":[{\"id\":\"" + ID
                + "\",\"type\":\"resize\",\"state\":\"dead\",\"attempt\":2,\"max_attempts\":5,\"enqueued_at\":\"T\","
                + "\"last_error\":{\"attempt\":2,\"type\":\"io\",\"message\":\"a\\u001b[2J\\nb\"}}],\"next\":null}";

        assertThat(run("jobs")).isZero();
        assertThat(run("jobs", "default", "--state", "dead", "--type", "res ize"))
                .isZero();
        assertThat(run("jobs", "default", "--json")).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("default              paused         12")
                .contains(ID + "  resize               dead          2 of 5  T")
                .contains("io: a [2J b")
                .contains("\"next\":null}");
        assertThat(requests).contains("GET /jobs?queue=default&state=dead&type=res%20ize ");
    }

    @Test
    void commands_ask_for_what_they_say_and_print_what_it_led_to() {
        body = "{\"id\":\"" + ID + "\",\"state\":\"ready\"}";
        for (String command : List.of("retry", "cancel", "run-now")) {
            assertThat(run("jobs", command, ID)).isZero();
        }
        assertThat(run("jobs", "show", ID)).isZero();
        assertThat(run("jobs", "enqueue", "resize", "{\"width\": 100}", "--queue", "default", "--delay", "60"))
                .isZero();
        body = "{\"name\":\"default\",\"state\":\"paused\"}";
        assertThat(run("jobs", "pause", "default")).isZero();
        assertThat(run("jobs", "resume", "default")).isZero();

        assertThat(requests)
                .containsExactly(
                        "POST /jobs/" + ID + "/retry ",
                        "POST /jobs/" + ID + "/cancel ",
                        "POST /jobs/" + ID + "/run-now ",
                        "GET /jobs/" + ID + " ",
                        "POST /jobs {\"type\":\"resize\",\"payload\":{\"width\":100},\"queue\":\"default\","
                                + "\"delay_seconds\":60}",
                        "POST /queues/default/pause ",
                        "POST /queues/default/resume ");
        assertThat(out.toString(StandardCharsets.UTF_8)).contains(ID + " ready", "default paused");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    jobs none                        | there is no queue none: expected one of default
                    jobs retry 7                     | 7: expected the id of a job
                    jobs show ../queues              | ../queues: expected the id of a job
                    jobs enqueue resize {width       | JSON: no JSON
                    jobs enqueue resize ''           | JSON: expected JSON
                    """)
    void wrong_input_is_one_line_on_the_standard_error(String line, String message) {
        body = "{\"queues\":[{\"name\":\"default\"}]}";

        assertThat(run(line.replace("''", "").split(" ", -1))).isEqualTo(1);

        assertThat(err.toString(StandardCharsets.UTF_8).strip())
                .startsWith("tailrace: " + message)
                .hasLineCount(1);
    }

    @Test
    void what_the_server_refuses_is_one_line_with_every_fault() {
        status = 400;
        body = "{\"title\":\"t\",\"errors\":[{\"field\":\"type\",\"message\":\"\\\"x\\\", expected one of a, b\"},"
                + "{\"field\":\"queue\",\"message\":\"expected default\"}]}";

        assertThat(run("jobs", "enqueue", "x", "{}")).isEqualTo(1);

        assertThat(err.toString(StandardCharsets.UTF_8).strip())
                .isEqualTo("tailrace: type: \"x\", expected one of a, b; queue: expected default");
    }

    @Test
    void nothing_that_is_up_and_a_server_that_is_gone_are_said() {
        server.stop(0);
        assertThat(run("jobs")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("does not answer: is it up?");

        assertThat(Tailrace.run("jobs", "--data", temporary.resolve("other").toString()))
                .isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("nothing is up with the data folder");
    }

    @Test
    void wrong_usage_is_another_exit_code() {
        assertThat(run("jobs", "retry")).isEqualTo(2);
        assertThat(run("jobs", "default", "more")).isEqualTo(2);
        assertThat(run("jobs", "enqueue", "resize", "{}", "--delay", "soon")).isEqualTo(2);
        assertThat(requests).isEmpty();
    }

    @Test
    void the_oldest_job_that_waits_is_told_by_its_age() throws IOException {
        JsonNode queues = new ObjectMapper()
                .readTree("[{\"name\":\"a\",\"oldest_waiting_at\":\"2026-01-01T00:00:00Z\"},{\"name\":\"b\"}]");

        List<String> lines = JobTable.queues(queues, Instant.parse("2026-01-01T02:03:04Z"));

        assertThat(lines.get(1)).endsWith("  2 h 3 min");
        assertThat(lines.get(2)).endsWith("  -");
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--data");
        all.add(temporary.toString());
        return Tailrace.run(all.toArray(String[]::new));
    }

    private static HttpServer server() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
