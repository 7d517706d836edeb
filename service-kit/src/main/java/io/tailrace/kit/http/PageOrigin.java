package io.tailrace.kit.http;

import io.micronaut.http.HttpHeaders;
import io.tailrace.kit.json.JsonFaults;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the page is from that sends a request, and whether that is the origin that it calls. A browser sends a person's cookie
 * with requests of other pages too, so this decides who may use it. The rule, in order:
 *
 * <ol>
 *   <li>{@code Sec-Fetch-Site: same-origin} (W3C Fetch Metadata): the browser itself has compared the two, whatever proxies
 *       stand between; a script cannot set this header. Browsers send it to {@code https:} and to {@code localhost}.
 *   <li>{@code Sec-Fetch-Site: cross-site}: the page is of another site.
 *   <li>Otherwise {@code Origin} is compared with the host that the browser asked for: the first one in {@code
 *       X-Forwarded-Host} or {@code Forwarded} (RFC 7239) of a trusted proxy, or {@code Host}.
 * </ol>
 *
 * <p>Schemes are not compared, because a proxy may end TLS. Immutable.
 *
 * @param origin the header {@code Origin}
 * @param fetchSite the header {@code Sec-Fetch-Site}, or null
 * @param hosts what the browser may have asked for: the header {@code Host}, and before it what trusted proxies say
 */
public record PageOrigin(String origin, @Nullable String fetchSite, List<String> hosts) {
    private static final String FETCH_SITE = "Sec-Fetch-Site";
    private static final String FORWARDED_HOST = "X-Forwarded-Host";
    private static final String FORWARDED = "Forwarded";
    private static final String HOST_PARAMETER = "host=";

    /** Copies the list. */
    public PageOrigin {
        hosts = List.copyOf(hosts);
    }

    /** What of an origin and a host must be the same. */
    public enum Compared {
        /** The host alone: many proxies leave the port out, and cookies know no ports either. */
        HOST,
        /** Also the port. */
        HOST_AND_PORT
    }

    /**
     * Reads the headers of a request.
     *
     * @param headers a header's value by its name, or null
     * @param trusted whether the other end of the connection is one of {@code tailrace.limits.trusted-proxies}; what anybody
     *     else says about forwarding is ignored
     * @return null if there is no {@code Origin}, and thus no page that writes or opens a WebSocket
     */
    public static @Nullable PageOrigin of(Function<String, @Nullable String> headers, boolean trusted) {
        String origin = headers.apply(HttpHeaders.ORIGIN);
        if (origin == null) {
            return null;
        }
        Stream<@Nullable String> forwarded = trusted
                ? Stream.of(first(headers.apply(FORWARDED_HOST)), forwardedHost(headers.apply(FORWARDED)))
                : Stream.empty();
        List<String> hosts = Stream.concat(forwarded, Stream.of(headers.apply(HttpHeaders.HOST)))
                .filter(Objects::nonNull)
                .map(String::valueOf)
                .toList();
        return new PageOrigin(origin, headers.apply(FETCH_SITE), hosts);
    }

    /** Whether the page is of the origin that it calls. */
    public boolean isOwn(Compared compared) {
        if ("same-origin".equals(fetchSite)) {
            return true;
        }
        return !"cross-site".equals(fetchSite) && hosts.stream().anyMatch(host -> isSame(host, compared));
    }

    /** What was compared, and what a proxy's configuration lacks if this is the page of its own origin. */
    public String explanation() {
        String host = hosts.isEmpty() ? "no host" : "the host " + JsonFaults.shown(hosts.getFirst());
        return "The page is of " + JsonFaults.shown(origin) + ", and its request came here for " + host
                + ". If a proxy stands between them, it must pass on the host: in nginx, proxy_set_header Host"
                + " $http_host;";
    }

    private boolean isSame(String host, Compared compared) {
        try {
            URI page = URI.create(origin);
            URI asked = URI.create("http://" + host);
            return page.getHost() != null
                    && page.getHost().equalsIgnoreCase(asked.getHost())
                    && (compared == Compared.HOST || port(page, page) == port(asked, page));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** A port that is left out is that of the page's scheme: the request may have been sent over TLS to a proxy. */
    private static int port(URI uri, URI page) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return "https".equalsIgnoreCase(page.getScheme()) ? 443 : 80;
    }

    private static @Nullable String first(@Nullable String list) {
        return list == null ? null : list.split(",", 2)[0].strip();
    }

    private static @Nullable String forwardedHost(@Nullable String forwarded) {
        String element = first(forwarded);
        if (element == null) {
            return null;
        }
        for (String parameter : element.split(";", -1)) {
            String pair = parameter.strip();
            if (pair.toLowerCase(Locale.ROOT).startsWith(HOST_PARAMETER)) {
                return pair.substring(HOST_PARAMETER.length()).replace("\"", "");
            }
        }
        return null;
    }
}
