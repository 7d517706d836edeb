package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.SharedPlatform;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every metric that the dashboards and the alerts ask for is one that a running Tailrace has. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class DashboardsTest {
    private static final Path DEPLOY = Path.of("../deploy");

    /** A metric by the first part of its name. What the queries consist of beside that begins otherwise. */
    private static final Pattern METRIC =
            Pattern.compile("\\b(?:tailrace|http|jvm|hikaricp|process|system|kafka|logback)_[a-z0-9_]+");

    /** Counters that are made when they first count. */
    private static final Set<String> LATER = Set.of("tailrace_dispatcher_dead_letters_total");

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void what_panels_and_alerts_ask_for_exists(Platform platform) throws Exception {
        String dispatcher = Files.readAllLines(platform.launcher().data().resolve("ports")).stream()
                .filter(line -> line.startsWith("event-dispatcher="))
                .map(line -> "http://127.0.0.1:" + line.substring(line.indexOf('=') + 1))
                .findFirst()
                .orElseThrow();
        Set<String> asked = new TreeSet<>(panels());
        asked.addAll(metrics(alerts()));
        asked.removeAll(LATER);
        assertThat(asked).hasSizeGreaterThan(40);

        useWhatIsMeasuredFromItsFirstUse(platform);
        Eventually.eventually(
                "the dispatcher's consumers have their partitions", LIMIT, () -> metrics(scrape(dispatcher))
                        .contains("kafka_consumer_fetch_manager_records_lag"));
        Eventually.eventually("the jobs are counted", LIMIT, () -> metrics(scrape(platform.origin()))
                .containsAll(Set.of("tailrace_jobs_size", "tailrace_jobs_events_total")));
        Set<String> there = new TreeSet<>(metrics(scrape(platform.origin())));
        there.addAll(metrics(scrape(dispatcher)));

        assertThat(there).containsAll(asked);
    }

    private static void useWhatIsMeasuredFromItsFirstUse(Platform platform) throws Exception {
        Api organizer = new Api(platform.origin(), platform.token("dashboards", "--role", "organizer"));
        assertThat(organizer.call("GET", "/search/posts?q=anything", null).status())
                .isEqualTo(200);
        Map<String, ?> nobody = Map.of("email", "nobody@example.org", "password", "not a password");
        assertThat(new Api(platform.origin(), null)
                        .call("POST", "/auth/login", nobody)
                        .status())
                .isEqualTo(401);
        Map<String, ?> section = Map.of("name", "A", "rows", 1, "seats_per_row", 1, "price", 1);
        Api.Answer show = organizer.call(
                "POST",
                "/shows",
                Map.of("name", "Dashboards", "starts_at", "2099-01-01T19:00:00Z", "sections", List.of(section)));
        assertThat(show.status()).isEqualTo(201);
        String id = show.json().path("id").asText();
        Map<String, ?> seats = Map.of("seats", List.of("A-1-1"));
        assertThat(organizer
                        .call("POST", "/shows/" + id + "/reservations", seats)
                        .status())
                .isBetween(201, 202);
        Api operator = new Api(platform.origin(), platform.token("dashboards", "--role", "operator"));
        Map<String, ?> job = Map.of(
                "type",
                "webhook",
                "queue",
                "maintenance",
                "delay_seconds",
                86_400,
                "payload",
                Map.of("url", "https://example.org/hook", "event", Map.of()));
        assertThat(operator.call("POST", "/jobs", job).status()).isBetween(201, 202);
    }

    private static Set<String> panels() throws IOException {
        Set<String> metrics = new TreeSet<>();
        try (Stream<Path> files = Files.list(DEPLOY.resolve("grafana/dashboards"))) {
            for (Path file : files.toList()) {
                for (JsonNode panel :
                        new ObjectMapper().readTree(Files.readString(file)).path("panels")) {
                    for (JsonNode target : panel.path("targets")) {
                        Set<String> own = metrics(target.path("expr").asText());
                        assertThat(own).as("%s, %s", file, panel.path("title")).isNotEmpty();
                        metrics.addAll(own);
                    }
                }
            }
        }
        return metrics;
    }

    private static String alerts() throws IOException {
        return Files.readString(DEPLOY.resolve("prometheus/rules/tailrace.yml"));
    }

    private static Set<String> metrics(String text) {
        Set<String> names = new TreeSet<>();
        Matcher metric = METRIC.matcher(text);
        while (metric.find()) {
            names.add(metric.group());
        }
        return names;
    }

    private static String scrape(String origin) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(origin + "/prometheus"))
                    .timeout(LIMIT)
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }
}
