package io.tailrace.standalone.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.simple.SimpleHttpRequest;
import io.micronaut.security.authentication.AuthorizationException;
import io.micronaut.security.filters.SecurityFilter;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.Router;
import io.micronaut.web.router.UriRouteInfo;
import io.micronaut.web.router.UriRouteMatch;
import io.tailrace.kit.boot.ServiceBoot;
import io.tailrace.standalone.data.DataFolder;
import io.tailrace.standalone.token.SigningKey;
import io.tailrace.standalone.token.TokenIssuer;
import io.tailrace.standalone.token.TokenRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/**
 * Who may call which route, of all services in one process, by the security filter that a request meets. A route or a package that
 * brings routes has to be entered here. Streams are no routes: the edge answers them before there is a request of Micronaut's.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class RoutesTest {
    private static final List<String> FRAGMENTS = List.of(
            "ingest-api.yml", "sse-edge.yml", "search-indexer.yml", "projections.yml", "workers.yml", "standalone.yml");

    /** Nothing listens there; nothing is asked, because no request is passed on. */
    private static final String NOWHERE = "127.0.0.1:1";

    private ApplicationContext context;
    private Map<String, @Nullable String> tokens;

    @BeforeAll
    void start(@TempDir Path folder) {
        DataFolder data = new DataFolder(folder);
        data.open();
        SigningKey key = SigningKey.in(data);
        TokenIssuer issuer = new TokenIssuer(key, InstantSource.system());
        tokens = new LinkedHashMap<>();
        tokens.put("anybody", null);
        tokens.put("any token", token(issuer, List.of()));
        tokens.put("organizer", token(issuer, List.of("organizer")));
        tokens.put("admin", token(issuer, List.of("admin")));
        tokens.put("operator", token(issuer, List.of("operator")));
        context = ServiceBoot.withoutServer(
                "routes",
                FRAGMENTS,
                HostedServices.class,
                new String[0],
                Map.of(
                        "tailrace.kafka.bootstrap",
                        NOWHERE,
                        "tailrace.postgres.url",
                        "jdbc:postgresql://" + NOWHERE + "/none",
                        "tailrace.redis.url",
                        "redis://" + NOWHERE,
                        "tailrace.elasticsearch.url",
                        "http://" + NOWHERE,
                        "tailrace.signing-key-file",
                        key.privateFile().toString(),
                        "tailrace.jwks.file",
                        key.publicFile().toString()));
    }

    @AfterAll
    void stop() {
        context.close();
    }

    @Test
    void everyRouteIsOpenToThoseWhoAreListedAndToNobodyElse() {
        List<String> routes = context.getBean(Router.class)
                .uriRoutes()
                // It comes with each GET, and for the same callers.
                .filter(route -> route.getHttpMethod() != HttpMethod.HEAD)
                .map(route -> "%s %s: %s".formatted(route.getHttpMethodName(), path(route), callers(route)))
                .distinct()
                .sorted()
                .toList();

        assertThat(routes)
                .containsExactly(
                        "DELETE /account: any token, organizer, admin, operator",
                        "DELETE /bridges/{name}: operator",
                        "DELETE /dashboards/{id}: any token, organizer, admin, operator",
                        "DELETE /follows/{user_id}: any token, organizer, admin, operator",
                        "DELETE /posts/{id}: any token, organizer, admin, operator",
                        "DELETE /reservations/{id}: any token, organizer, admin, operator",
                        "DELETE /schedules/{name}: operator",
                        "DELETE /uploads/resumable/{id}: any token, organizer, admin, operator",
                        "DELETE /uploads/{id}: any token, organizer, admin, operator",
                        "DELETE /webhooks/{id}: any token, organizer, admin, operator",
                        "GET /.well-known/jwks.json: anybody",
                        "GET /account/erasures/{id}: anybody",
                        "GET /account/notifications: any token, organizer, admin, operator",
                        "GET /admin/channels: admin",
                        "GET /admin/connections: admin",
                        "GET /admin/namespaces: admin",
                        "GET /admin/recordings/{id}: admin",
                        "GET /answers/{id}: any token, organizer, admin, operator",
                        "GET /bridges/{name}: operator",
                        "GET /bridges: operator",
                        "GET /channels/{channel}/events: anybody",
                        "GET /dashboards/shared/{link}: anybody",
                        "GET /dashboards/{id}: any token, organizer, admin, operator",
                        "GET /dashboards: any token, organizer, admin, operator",
                        "GET /feed: any token, organizer, admin, operator",
                        "GET /health/{selector}: anybody",
                        "GET /health: anybody",
                        "GET /jobs/{id}/log: any token, organizer, admin, operator",
                        "GET /jobs/{id}: any token, organizer, admin, operator",
                        "GET /jobs: any token, organizer, admin, operator",
                        "GET /metrics/{id}/readings: anybody",
                        "GET /metrics/{id}/series: anybody",
                        "GET /metrics/{id}: anybody",
                        "GET /metrics: anybody",
                        "GET /models: any token, organizer, admin, operator",
                        "GET /openapi.yml: anybody",
                        "GET /prometheus: anybody",
                        "GET /queues: operator",
                        "GET /reservations/{id}: any token, organizer, admin, operator",
                        "GET /schedules/{name}: operator",
                        "GET /schedules: operator",
                        "GET /search/{index}: any token, organizer, admin, operator",
                        "GET /shows/{id}/seats: anybody",
                        "GET /shows/{id}: anybody",
                        "GET /shows: anybody",
                        "GET /uploads/{id}/content: any token, organizer, admin, operator",
                        "GET /uploads/{id}/text: any token, organizer, admin, operator",
                        "GET /uploads/{id}: any token, organizer, admin, operator",
                        "GET /uploads: any token, organizer, admin, operator",
                        "GET /webhooks/{id}/deliveries: any token, organizer, admin, operator",
                        "GET /webhooks/{id}: any token, organizer, admin, operator",
                        "GET /webhooks: any token, organizer, admin, operator",
                        "OPTIONS /uploads/resumable: anybody",
                        "PATCH /events/{connectionId}: anybody",
                        "PATCH /uploads/resumable/{id}: any token, organizer, admin, operator",
                        "PATCH /webhooks/{id}: any token, organizer, admin, operator",
                        "POST /admin/connections/{connectionId}/disconnect: admin",
                        "POST /admin/recordings: admin",
                        "POST /admin/subjects/{subject}/disconnect: admin",
                        "POST /answers/{id}/cancel: any token, organizer, admin, operator",
                        "POST /answers: any token, organizer, admin, operator",
                        "POST /api/v1/write: anybody",
                        "POST /auth/login: anybody",
                        "POST /auth/logout: anybody",
                        "POST /auth/refresh: anybody",
                        "POST /auth/register: anybody",
                        "POST /channels/{channel}/events: anybody",
                        "POST /dashboards: any token, organizer, admin, operator",
                        "POST /incidents: any token, organizer, admin, operator",
                        "POST /jobs/bulk: operator",
                        "POST /jobs/leases/{id}/heartbeat: any token, organizer, admin, operator",
                        "POST /jobs/leases/{id}/log: any token, organizer, admin, operator",
                        "POST /jobs/leases/{id}/outcome: any token, organizer, admin, operator",
                        "POST /jobs/leases: any token, organizer, admin, operator",
                        "POST /jobs/{id}/cancel: any token, organizer, admin, operator",
                        "POST /jobs/{id}/retry: operator",
                        "POST /jobs/{id}/run-now: operator",
                        "POST /jobs: any token, organizer, admin, operator",
                        "POST /metrics/readings: anybody",
                        "POST /metrics: anybody",
                        "POST /posts: any token, organizer, admin, operator",
                        "POST /queues/{queue}/pause: operator",
                        "POST /queues/{queue}/resume: operator",
                        "POST /reservations/{id}/confirm: any token, organizer, admin, operator",
                        "POST /schedules/{name}/run-now: operator",
                        "POST /search/{index}: any token, organizer, admin, operator",
                        "POST /shows/{id}/reservations: any token, organizer, admin, operator",
                        "POST /shows: organizer",
                        "POST /uploads/resumable/{id}: any token, organizer, admin, operator",
                        "POST /uploads/resumable: any token, organizer, admin, operator",
                        "POST /uploads: any token, organizer, admin, operator",
                        "POST /webhooks/{id}/deliveries/{job}/replay: any token, organizer, admin, operator",
                        "POST /webhooks/{id}/secret: any token, organizer, admin, operator",
                        "POST /webhooks: any token, organizer, admin, operator",
                        "PUT /account/notifications: any token, organizer, admin, operator",
                        "PUT /bridges/{name}: operator",
                        "PUT /dashboards/{id}: any token, organizer, admin, operator",
                        "PUT /follows/{user_id}: any token, organizer, admin, operator",
                        "PUT /queues/{queue}: operator",
                        "PUT /schedules/{name}: operator");
    }

    private String callers(UriRouteInfo<?, ?> route) {
        List<String> allowed = tokens.entrySet().stream()
                .filter(caller -> isAllowed(route, caller.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        return allowed.size() == tokens.size() ? "anybody" : String.join(", ", allowed);
    }

    private boolean isAllowed(UriRouteInfo<?, ?> route, @Nullable String token) {
        String path = path(route).replaceAll("\\{[^}]*}", "1");
        UriRouteMatch<?, ?> match = route.match(path).orElseThrow(() -> new AssertionError(path));
        MutableHttpRequest<?> request =
                new SimpleHttpRequest<>(route.getHttpMethod(), path, null).header("Host", "localhost");
        if (token != null) {
            request.bearerAuth(token);
        }
        RouteAttributes.setRouteMatch(request, match);
        MutableHttpResponse<?> passed = HttpResponse.ok();
        try {
            return Mono.from(context.getBean(SecurityFilter.class).doFilter(request, it -> Mono.just(passed)))
                            .block(Duration.ofSeconds(30))
                    == passed;
        } catch (AuthorizationException e) {
            return false;
        }
    }

    private static String path(UriRouteInfo<?, ?> route) {
        return route.getUriMatchTemplate().toPathString();
    }

    private static String token(TokenIssuer issuer, List<String> roles) {
        return issuer.issue(new TokenRequest(
                "019af000-0000-7000-8000-000000000001", roles, List.of(), List.of(), Duration.ofHours(1)));
    }
}
