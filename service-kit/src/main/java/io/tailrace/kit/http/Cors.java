package io.tailrace.kit.http;

import io.micronaut.context.annotation.Replaces;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.server.cors.CorsFilter;
import io.tailrace.kit.limit.ClientAddress;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which pages of other origins may read answers and write (Fetch standard, section 3.2): those that the settings list, and
 * none by default. Pages of the same host need nothing ({@link PageOrigin}). A page that is not listed gets answers to reads without these headers,
 * which its browser keeps from it. Its writes are refused: a browser sends simple ones without asking first, with the cookie
 * if the two sites are siblings. Who sends no {@code Origin} is no page. Streams are asked for elsewhere and have a list of
 * their own.
 *
 * <p>In place of Micronaut's filter, which refuses what comes from elsewhere to localhost only.
 */
@Replaces(CorsFilter.class)
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class Cors implements Ordered {
    private static final String ANY = "*";
    private static final Set<HttpMethod> READS =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
    private static final String REQUEST_HEADERS = "authorization, content-type, idempotency-key, prefer,"
            + " tus-resumable, x-http-method-override, x-request-id, upload-checksum, upload-length, upload-metadata,"
            + " upload-offset";
    private static final String RESPONSE_HEADERS = "Location, Retry-After, RateLimit, RateLimit-Policy,"
            + " Idempotency-Replayed, Preference-Applied, Tailrace-Stale, WWW-Authenticate, Accept-Ranges,"
            + " Content-Disposition, Content-Range, ETag, Tus-Checksum-Algorithm, Tus-Extension, Tus-Max-Size,"
            + " Tus-Resumable, Tus-Version, Upload-Expires, Upload-Length, Upload-Metadata, Upload-Offset";
    private static final String PREFLIGHT_HOLDS_SECONDS = "600";

    private final boolean any;
    private final Set<String> origins;
    private final ClientAddress addresses;

    Cors(HttpSettings settings, ClientAddress addresses) {
        this.addresses = addresses;
        List<String> allowed = settings.allowedOrigins();
        this.any = allowed.contains(ANY);
        this.origins = Set.copyOf(allowed);
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 3;
    }

    @RequestFilter
    @Nullable
    HttpResponse<?> check(HttpRequest<?> request) {
        PageOrigin page =
                PageOrigin.of(request.getHeaders()::get, addresses.isTrustedProxy(request.getRemoteAddress()));
        if (page == null) {
            return null;
        }
        boolean listed = allowed(request) != null;
        if (!listed && !READS.contains(request.getMethod()) && !page.isOwn(PageOrigin.Compared.HOST)) {
            throw new ProblemException(
                    ProblemType.FORBIDDEN,
                    "A page of another origin may not write here. " + page.explanation()
                            + " Other origins are listed in TAILRACE_HTTP_ALLOWED_ORIGINS.");
        }
        boolean preflight = request.getMethod() == HttpMethod.OPTIONS
                && request.getHeaders().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
        if (!preflight || !listed) {
            return null;
        }
        MutableHttpResponse<?> answer = HttpResponse.noContent()
                .header(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS)
                .header(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS)
                .header(HttpHeaders.ACCESS_CONTROL_MAX_AGE, PREFLIGHT_HOLDS_SECONDS);
        // An answer of the filter itself does not come back through it.
        share(request, answer);
        return answer;
    }

    @ResponseFilter
    void share(HttpRequest<?> request, MutableHttpResponse<?> response) {
        if (origins.isEmpty()) {
            return;
        }
        // Also for who is not allowed: a cache must not give one origin's answer to another.
        response.getHeaders().add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        String origin = allowed(request);
        if (origin == null) {
            return;
        }
        response.header(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, any ? ANY : origin);
        response.header(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, RESPONSE_HEADERS);
        if (!any) {
            response.header(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
    }

    private @Nullable String allowed(HttpRequest<?> request) {
        String origin = request.getHeaders().get(HttpHeaders.ORIGIN);
        return origin != null && (any || origins.contains(origin)) ? origin : null;
    }
}
