package io.tailrace.ingest.token;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.cookie.Cookie;
import io.micronaut.http.cookie.SameSite;
import io.micronaut.http.server.util.ProxyHeaderParser;
import io.tailrace.kit.security.TokenSettings;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * The cookie that carries a browser's access token: out of reach for scripts, and not sent by other sites' forms. It is
 * marked Secure where the browser speaks https, also when a proxy ends the TLS and says so.
 */
@Singleton
final class TokenCookie {
    private final String name;

    TokenCookie(TokenSettings tokens) {
        this.name = tokens.cookieName();
    }

    /** The cookie for a new token. */
    Cookie of(HttpRequest<?> request, Tokens tokens) {
        return cookie(request, tokens.accessToken(), Duration.ofSeconds(tokens.expiresIn()));
    }

    /** What makes a browser forget it. */
    Cookie cleared(HttpRequest<?> request) {
        return cookie(request, "", Duration.ZERO);
    }

    private Cookie cookie(HttpRequest<?> request, String value, Duration maxAge) {
        return Cookie.of(name, value)
                .path("/")
                .httpOnly(true)
                .sameSite(SameSite.Lax)
                .secure(request.isSecure() || "https".equalsIgnoreCase(new ProxyHeaderParser(request).getScheme()))
                .maxAge(maxAge);
    }
}
