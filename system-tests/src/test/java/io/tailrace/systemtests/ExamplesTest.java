package io.tailrace.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.tailrace.systemtests.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.tailrace.systemtests.browser.Chromium;
import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.client.NodeExamples;
import io.tailrace.systemtests.client.NodeExamples.Running;
import io.tailrace.systemtests.platform.AnswersStandIn;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.Ports;
import io.tailrace.systemtests.platform.SharedPlatform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples for Node.js and React as a reader of them has them: installed, built and opened in a browser. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class ExamplesTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String READER = "reader-of-examples";
    private static final String IS_WITHIN_THE_SCREEN = "document.documentElement.scrollWidth <= window.innerWidth";

    private static Platform platform;
    private static String origin;
    private static Running pages;
    private static Chromium chromium;

    @BeforeAll
    static void theyAreBuiltAndServed(Platform shared) throws Exception {
        platform = shared;
        PlaywrightAssertions.setDefaultAssertionTimeout(30_000);
        NodeExamples.build();
        int port = Ports.free();
        origin = "http://127.0.0.1:" + port;
        pages = NodeExamples.serve(
                port, Map.of("TAILRACE_URL", platform.origin(), "TAILRACE_TOKEN", token(READER, "--subscribe")));
        eventually("the pages are served", LIMIT, () -> pages.line(line -> line.contains(origin))
                .isPresent());
        chromium = new Chromium();
    }

    @AfterAll
    static void theyStop() throws Exception {
        chromium.close();
        pages.close();
    }

    @Test
    void a_program_says_which_files_are_not_taken_and_prints_the_answer_as_it_comes() throws Exception {
        Path empty = Files.createTempFile("nothing", ".txt");
        Map<String, String> environment = Map.of(
                "TAILRACE_URL",
                platform.origin(),
                "TAILRACE_TOKEN",
                platform.token(UUID.randomUUID().toString()));
        try (Running program =
                NodeExamples.start("ask-your-files/ask.js", environment, "Where are the gulls?", empty.toString())) {
            eventually("the answer is there", LIMIT, () -> program.output().contains(AnswersStandIn.SENTENCE));
            assertThat(program.output()).contains(empty.getFileName() + ": not taken");
        } finally {
            Files.delete(empty);
        }
    }

    @Test
    void three_micro_frontends_show_what_a_service_does_and_share_one_connection_of_all_tabs() throws Exception {
        String workspace = workspace();
        Map<String, String> environment = Map.of(
                "TAILRACE_URL",
                platform.origin(),
                "TAILRACE_TOKEN",
                token("express-service", "--publish"),
                "PORT",
                "0",
                "STEP_MS",
                "20");
        try (Running service = NodeExamples.start("express-service/app.js", environment)) {
            eventually("the service listens", LIMIT, () -> service.line(line -> line.startsWith("http"))
                    .isPresent());
            String serviceOrigin = service.line(line -> line.startsWith("http")).orElseThrow();

            // given the page with all three, and a second tab of it
            Page page = chromium.page();
            open(page, "/?workspace=" + workspace);
            Page tab = page.context().newPage();
            open(tab, "/?workspace=" + workspace);

            // when a workflow runs and fails
            assertThat(new Api(serviceOrigin, null)
                            .call("POST", "/runs/" + workspace + "/workflow456?fail", null)
                            .status())
                    .isEqualTo(202);

            // then each of them shows its part of it, in both tabs
            for (Page each : List.of(page, tab)) {
                assertThat(panel(each, "Logs")).containsText("Step load completed");
                assertThat(panel(each, "Logs")).containsText("The target is full");
                assertThat(panel(each, "Workflows").locator("tr", withText("workflow456")))
                        .containsText("failed");
                assertThat(panel(each, "Workflows").locator(".alerts")).containsText("workflow456 has failed");
                assertThat(panel(each, "Dashboard").locator("output[aria-label=runs]"))
                        .hasText("1");
                assertThat(panel(each, "Dashboard").locator("output[aria-label=duration_ms]"))
                        .containsText("ms");
            }

            // and all have the one connection that the edge has of this reader
            eventually("one connection", LIMIT, () -> connectionsOf(READER).size() == 1);
            String footer = "Connection " + connectionsOf(READER).getFirst();
            for (Page each : List.of(page, tab)) {
                assertThat(each.locator(".panel footer")).hasText(new String[] {footer, footer, footer});
            }
            page.setViewportSize(360, 740);
            assertThat(page.evaluate(IS_WITHIN_THE_SCREEN)).isEqualTo(true);
            page.context().close();
        }
    }

    @Test
    void the_log_of_a_workflow_is_what_the_api_had_and_what_comes_in_one_table() throws Exception {
        // given more rows than the stream begins with
        String workspace = workspace();
        int rows = 70;
        publish(workspace, 0, rows);
        Page page = pageOf(token("reader-of-rows", "--subscribe"));
        open(page, "/logs-react/?workspace=" + workspace);
        Locator messages = page.locator("td.text");
        assertThat(messages).hasCount(50);

        // when the earlier ones are asked for, and another one comes
        page.click("text=Show earlier rows");
        assertThat(messages).hasCount(rows);
        publish(workspace, rows, rows + 1);

        // then all are there, once and in their order
        assertThat(messages)
                .hasText(
                        IntStream.rangeClosed(0, rows).mapToObj(i -> "Row " + i).toArray(String[]::new));
        page.context().close();
    }

    @Test
    void a_page_says_which_channel_it_may_not_read() throws Exception {
        Page page = pageOf(platform.token("nobody-in-particular"));
        page.navigate(origin + "/logs-react/");
        assertThat(page.locator(".notice"))
                .containsText("logs:workspace123:workflow456 is not shown: your token has no grant to read it.");
        page.context().close();
    }

    @Test
    void a_page_says_what_is_missing_and_that_it_is_not_connected_also_on_a_phone() {
        Page page = chromium.page();
        page.setViewportSize(360, 740);
        // In a worker the browser's own requests would be out of reach of this test.
        page.addInitScript("delete window.SharedWorker");
        String channel = "metrics:workspace123";
        page.route(
                "**/api/events?*",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("text/event-stream")
                        .setBody(frame(
                                        "open",
                                        "{\"connection_id\":\"c\",\"resumed\":false,\"channels\":[{\"channel\":\""
                                                + channel + "\",\"start\":{\"at\":\"live\"}}]}")
                                + frame(
                                        "gap",
                                        "{\"channels\":[\"" + channel + "\"],\"from\":0,\"to\":7,\"lost\":7}"))));
        page.navigate(origin + "/dashboard/?metrics=rows");
        assertThat(page.locator(".notice")).hasText(new String[] {
            "Not connected: the server or a proxy ended the stream. It goes on by itself where it was. Try now",
            "Events are missing: they were older than what the server keeps. At most 7."
        });
        assertThat(page.locator(".state")).hasText("waiting");
        assertThat(page.evaluate(IS_WITHIN_THE_SCREEN)).isEqualTo(true);
        page.context().close();
    }

    @Test
    void the_plain_event_source_client_sees_metrics_and_readings() throws Exception {
        try (Running client =
                NodeExamples.start("go-sse-sample/client.mjs", Map.of("TAILRACE_URL", platform.origin()))) {
            eventually("it is connected", LIMIT, () -> client.line("connected"::equals)
                    .isPresent());
            Api api = new Api(platform.origin(), null);
            JsonNode metric = api.mustWrite("POST", "/metrics", Map.of("name", "sample " + System.nanoTime()));
            String id = metric.path("id").asText();
            JsonNode reading = api.mustWrite("POST", "/metrics/readings", Map.of("metric_id", id, "value", 42.5));
            for (String expected : List.of(
                    "metric " + metric.path("name").asText() + " (" + id + ")",
                    "reading 42.5 of " + id + " at " + reading.path("timestamp").asText())) {
                eventually(expected, LIMIT, () -> client.line(expected::equals).isPresent());
            }
        }
    }

    /** A page that is given another token than the one of the server of the pages. */
    private static Page pageOf(String token) {
        Page page = chromium.page();
        page.route("**/token", route -> route.fulfill(new Route.FulfillOptions().setBody(token)));
        return page;
    }

    /** Opens a page and waits until all of its parts are live, so that nothing that happens then is missed. */
    private static void open(Page page, String path) {
        page.navigate(origin + path);
        int parts = path.startsWith("/?") ? 3 : 1;
        assertThat(page.locator(".state[role=status][data-state=live]")).hasCount(parts);
    }

    private static Locator panel(Page page, String title) {
        return page.locator(
                "section.panel", new Page.LocatorOptions().setHas(page.locator("h2:text-is('" + title + "')")));
    }

    private static Locator.LocatorOptions withText(String text) {
        return new Locator.LocatorOptions().setHasText(text);
    }

    private static String frame(String type, String data) {
        return "event: stream." + type + "\ndata: " + data + "\n\n";
    }

    private static String workspace() {
        return "ws" + Long.toString(System.nanoTime(), 36);
    }

    private static String token(String subject, String grant) throws Exception {
        List<String> grants = new ArrayList<>();
        for (String channels : List.of("logs:*:*", "workflows:*:*", "alerts:*", "metrics:*")) {
            grants.addAll(List.of(grant, channels));
        }
        return platform.token(subject, grants.toArray(String[]::new));
    }

    private static void publish(String workspace, int from, int to) throws Exception {
        List<Map<String, Object>> events = IntStream.range(from, to)
                .<Map<String, Object>>mapToObj(
                        i -> Map.of("type", "log", "data", Map.of("level", "INFO", "message", "Row " + i)))
                .toList();
        new Api(platform.origin(), token("writer-of-rows", "--publish"))
                .mustWrite("POST", "/channels/logs:" + workspace + ":workflow456/events", events);
    }

    private static List<String> connectionsOf(String subject) throws Exception {
        JsonNode all = new Api(platform.origin(), platform.token("examples-admin", "--role", "admin"))
                .call("GET", "/admin/connections?limit=1000", null)
                .json();
        return StreamSupport.stream(all.path("connections").spliterator(), false)
                .filter(each -> each.path("subject").asText().equals(subject))
                .map(each -> each.path("connection_id").asText())
                .toList();
    }
}
