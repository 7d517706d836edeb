package io.tailrace.systemtests.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.systemtests.chaos.stream.Tokens;
import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.fuzz.request.ForgedTokens;
import io.tailrace.systemtests.fuzz.request.Template;
import io.tailrace.systemtests.platform.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What right requests need: people, tokens of each kind, a show with seats, a metric, posts. Made through the API.
 *
 * @param templates a right request for every route, more than one for some
 * @param cursors good ones
 * @param forged tokens that are worth nothing
 */
record Fixtures(List<Template> templates, List<String> cursors, ForgedTokens forged) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PASSWORD = "correct horse battery";
    private static final Map<String, String> NOTHING = Map.of();

    static Fixtures make(Platform platform, String connectionId) throws IOException, InterruptedException {
        Tokens tokens = new Tokens(Path.of(platform.environment("TAILRACE_SIGNING_KEY_FILE")));
        long end = System.currentTimeMillis() + Duration.ofHours(6).toMillis();
        List<String> channels = List.of("news:*", "chat:*", "logs:*:*");
        String operator =
                tokens.issue("fuzz", List.of("admin", "support", "organizer", "operator"), channels, channels, end);
        Api nobody = new Api(platform.origin(), null);
        Map<String, String> account = Map.of(
                "email",
                UUID.randomUUID() + "@example.org",
                "password",
                PASSWORD,
                "name",
                "Ada",
                "phone",
                "+49 30 1234567");
        String id =
                nobody.mustWrite("POST", "/auth/register", account).path("id").asText();
        String person = tokens.issue(id, List.of(), channels, List.of("news:*"), end);
        Api api = new Api(platform.origin(), operator);
        JsonNode show = api.mustWrite("POST", "/shows", show());
        String showId = show.path("id").asText();
        Api buyer = new Api(platform.origin(), person);
        String reservation = buyer.mustWrite(
                        "POST",
                        "/shows/" + showId + "/reservations",
                        Map.of("seats", List.of("A-1-1"), "hold_seconds", 3_600))
                .path("id")
                .asText();
        String metric = api.mustWrite("POST", "/metrics", Map.of("name", "fuzz"))
                .path("id")
                .asText();
        buyer.mustWrite("POST", "/posts", Map.of("text", "hello fuzz"));
        List<String> cursors = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            cursors.add(api.mustWrite("POST", "/channels/news:f" + i + "/events", Map.of("type", "headline", "data", i))
                    .path("events")
                    .path(0)
                    .path("position")
                    .asText());
        }
        String refresh = nobody.mustWrite(
                        "POST", "/auth/login", Map.of("email", account.get("email"), "password", PASSWORD))
                .path("refresh_token")
                .asText();

        String worker = tokens.sign(
                Map.of("alg", "ES256", "typ", "JWT", "kid", tokens.keyId()),
                Map.of(
                        "iss",
                        "tailrace",
                        "sub",
                        "fuzz-worker",
                        "roles",
                        List.of("worker"),
                        "jobs",
                        List.of("*"),
                        "exp",
                        end / 1000));
        Templates to = new Templates(operator, person, worker);
        accounts(to, account, refresh, id);
        seats(to, showId, reservation);
        channels(to, metric, connectionId, id);
        search(to);
        jobs(to);
        operations(to);
        String keys = nobody.call("GET", "/.well-known/jwks.json", null).json().toString();
        return new Fixtures(
                List.copyOf(to.all), List.copyOf(cursors), ForgedTokens.make(tokens.keyId(), keys, tokens::sign));
    }

    /** Collects requests of an operator, of a person, of a worker and of nobody. */
    private static final class Templates {
        private final List<Template> all = new ArrayList<>();
        private final String operator;
        private final String person;
        private final String worker;

        Templates(String operator, String person, String worker) {
            this.operator = operator;
            this.person = person;
            this.worker = worker;
        }

        void ofNobody(String method, String path, @Nullable Object body) {
            add(method, path, null, body, false);
        }

        void ofPerson(String method, String path, @Nullable Object body) {
            add(method, path, person, body, true);
        }

        void ofOperator(String method, String path, @Nullable Object body) {
            add(method, path, operator, body, true);
        }

        void ofWorker(String method, String path, @Nullable Object body) {
            add(method, path, worker, body, true);
        }

        /** What anybody may ask for, by somebody. */
        void open(String method, String path, @Nullable Object body) {
            add(method, path, person, body, false);
        }

        private void add(String method, String path, @Nullable String token, @Nullable Object body, boolean guarded) {
            JsonNode json = body == null ? null : JSON.valueToTree(body);
            all.add(new Template(method + " " + path, method, path, token, NOTHING, json, guarded));
        }
    }

    private static void accounts(Templates to, Map<String, String> account, String refresh, String id) {
        to.ofNobody("POST", "/auth/register", account);
        to.ofNobody("POST", "/auth/login", Map.of("email", account.get("email"), "password", PASSWORD));
        to.ofNobody("POST", "/auth/refresh", Map.of("refresh_token", refresh));
        to.ofNobody("POST", "/auth/logout", Map.of("refresh_token", refresh + "x"));
        to.ofNobody("GET", "/.well-known/jwks.json", null);
        to.ofPerson("PUT", "/follows/" + id, null);
        to.ofPerson("DELETE", "/follows/" + id, null);
        to.ofPerson("POST", "/posts", Map.of("text", "hello"));
        to.ofPerson("GET", "/feed?limit=5&before=", null);
        to.ofPerson("GET", "/feed", null);
    }

    private static void seats(Templates to, String show, String reservation) {
        to.ofOperator("POST", "/shows", show());
        to.open("GET", "/shows?limit=3", null);
        to.open("GET", "/shows/" + show, null);
        to.open("GET", "/shows/" + show + "/seats", null);
        to.ofPerson(
                "POST",
                "/shows/" + show + "/reservations",
                Map.of("seats", List.of("A-2-3", "A-2-4"), "hold_seconds", 1));
        to.ofPerson("POST", "/reservations/" + reservation + "/confirm", null);
        to.ofPerson("DELETE", "/reservations/" + reservation, null);
        to.ofPerson("GET", "/reservations/" + reservation, null);
    }

    private static Map<String, Object> show() {
        return Map.of(
                "name",
                "Fuzz",
                "starts_at",
                "2099-01-01T19:00:00Z",
                "hold_seconds",
                60,
                "max_hold_seconds",
                3_600,
                "max_seats_per_user",
                4,
                "sections",
                List.of(Map.of("name", "A", "rows", 3, "seats_per_row", 4, "price", 40)));
    }

    private static void channels(Templates to, String metric, String connectionId, String id) {
        to.ofNobody("POST", "/metrics", Map.of("name", "temperature"));
        to.ofNobody("GET", "/metrics/" + metric, null);
        to.ofNobody(
                "POST",
                "/metrics/readings",
                Map.of("metric_id", metric, "value", 21.5, "timestamp", "2030-01-01T00:00:00Z"));
        to.ofOperator(
                "POST",
                "/channels/news:fuzz/events",
                Map.of("type", "headline", "data", Map.of("text", List.of("a", 1, true))));
        to.ofOperator(
                "POST",
                "/channels/chat:fuzz/events",
                List.of(Map.of("type", "a", "data", 1), Map.of("type", "b", "data", "x")));
        to.ofNobody("GET", "/channels/news:fuzz/events?limit=2&after=earliest", null);
        to.ofOperator(
                "PATCH",
                "/events/" + connectionId,
                Map.of("add", List.of(Map.of("channel", "news:b", "start", "last:3")), "remove", List.of("news:c")));
        to.open("GET", "/events?channels=news:f0,news:f1", null);
        to.ofPerson("GET", "/events?channels=feed:" + id + ",user:" + id + "&start=last:2", null);
        to.ofPerson("GET", "/events?channels=chat:fuzz,logs:a:b&start=earliest", null);
        to.open("GET", "/events?channels=metrics,show:" + metric + "&start=live", null);
        to.ofNobody("GET", "/events/watch", null);
    }

    private static void jobs(Templates to) {
        Map<String, Object> webhook =
                Map.of("url", "https://example.org/hook", "event", Map.of("type", "fuzz", "data", List.of(1, "a")));
        to.ofOperator(
                "POST",
                "/jobs",
                Map.of(
                        "type",
                        "webhook",
                        "payload",
                        webhook,
                        "queue",
                        "maintenance",
                        "run_at",
                        "2099-01-01T00:00:00Z",
                        "priority",
                        3,
                        "unique_key",
                        "fuzz",
                        "unique_seconds",
                        60,
                        "max_attempts",
                        3,
                        "timeout_seconds",
                        30));
        to.ofOperator("POST", "/jobs", Map.of("type", "webhook", "payload", webhook, "delay_seconds", 86_400));
        to.ofOperator("GET", "/jobs?queue=maintenance&state=scheduled&type=webhook&limit=3", null);
        String unknown = UUID.randomUUID().toString();
        to.ofOperator("GET", "/jobs/" + unknown, null);
        Map<String, ?> filter = Map.of("queue", "maintenance", "type", "telegram", "state", "scheduled");
        to.ofOperator("POST", "/jobs/bulk", Map.of("action", "run-now", "filter", filter, "limit", 3));
        to.ofOperator("POST", "/jobs/bulk", Map.of("action", "cancel", "ids", List.of(unknown)));
        for (String command : List.of("cancel", "retry", "run-now")) {
            to.ofOperator("POST", "/jobs/" + unknown + "/" + command, null);
        }
        leases(to, unknown);
        to.ofOperator("GET", "/queues", null);
        to.ofOperator("PUT", "/queues/maintenance", Map.of("concurrency", 3, "rate_per_second", 10.5));
        to.ofOperator("POST", "/queues/maintenance/pause", null);
        to.ofOperator("POST", "/queues/maintenance/resume", null);
        schedules(to, webhook);
    }

    private static void leases(Templates to, String unknown) {
        to.ofWorker(
                "POST",
                "/jobs/leases",
                Map.of("types", List.of("resize"), "worker", "fuzz", "limit", 2, "wait_seconds", 0));
        String lease = "/jobs/leases/" + unknown;
        Map<String, ?> progress = Map.of("fraction", 0.5, "message", "half");
        to.ofWorker("POST", lease + "/heartbeat", Map.of("token", 1, "progress", progress));
        Map<String, ?> line = Map.of("line", 1, "at", "2026-01-31T12:00:00Z", "level", "warn", "text", "read 3 rows");
        to.ofWorker("POST", lease + "/log", Map.of("token", 1, "attempt", 1, "lines", List.of(line), "dropped", 2));
        to.ofWorker(
                "POST", lease + "/outcome", Map.of("token", 1, "outcome", "succeeded", "result", Map.of("bytes", 7)));
        Map<String, ?> error = Map.of("type", "broken", "message", "it broke");
        to.ofWorker(
                "POST",
                lease + "/outcome",
                Map.of("token", 1, "outcome", "failed", "error", error, "give_up", true, "retry_after_seconds", 5));
    }

    private static void schedules(Templates to, Map<String, ?> webhook) {
        to.ofOperator(
                "PUT",
                "/schedules/yearly",
                Map.of(
                        "cron",
                        "30 2 1 1 *",
                        "time_zone",
                        "Europe/Berlin",
                        "type",
                        "webhook",
                        "payload",
                        webhook,
                        "queue",
                        "maintenance",
                        "missed",
                        "none",
                        "overlap",
                        "skip"));
        to.ofOperator("GET", "/schedules?limit=3&after=a", null);
        to.ofOperator("GET", "/schedules/yearly", null);
        to.ofOperator("POST", "/schedules/unknown/run-now", null);
        to.ofOperator("DELETE", "/schedules/unknown", null);
    }

    private static void search(Templates to) {
        to.ofOperator("GET", "/search/users?q=ada&fields=name,email&limit=5", null);
        to.ofPerson("GET", "/search/posts?q=hello&limit=3", null);
        to.ofPerson(
                "POST",
                "/search/posts",
                Map.of(
                        "query",
                        Map.of(
                                "bool",
                                Map.of(
                                        "must",
                                                List.of(Map.of(
                                                        "match",
                                                        Map.of(
                                                                "text",
                                                                Map.of(
                                                                        "query",
                                                                        "hello",
                                                                        "operator",
                                                                        "and",
                                                                        "fuzziness",
                                                                        "AUTO")))),
                                        "filter",
                                                List.of(Map.of(
                                                        "range",
                                                        Map.of(
                                                                "created_at",
                                                                Map.of("gte", "2020-01-01T00:00:00Z"))))))));
        to.ofPerson(
                "POST",
                "/search/shows",
                Map.of(
                        "query",
                        Map.of("wildcard", Map.of("name", Map.of("value", "fu*", "case_insensitive", true))),
                        "size",
                        2));
    }

    private static void operations(Templates to) {
        to.open("GET", "/health", null);
        to.ofNobody("GET", "/health/liveness", null);
        to.ofNobody("GET", "/health/readiness", null);
        to.ofNobody("GET", "/openapi.yml", null);
        to.ofNobody("GET", "/", null);
        to.ofNobody("GET", "/live/js/app.js", null);
        to.ofNobody("GET", "/console", null);
        to.ofOperator("GET", "/admin/connections?limit=2&q=f&after=", null);
        to.ofOperator("GET", "/admin/channels?limit=2&q=n", null);
        to.ofOperator("GET", "/admin/namespaces", null);
        to.ofOperator("POST", "/admin/recordings", Map.of("seconds", 0));
        to.ofOperator("GET", "/admin/recordings/x", null);
    }
}
