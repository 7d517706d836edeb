package io.tailrace.kit.security;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.cookie.Cookie;
import io.micronaut.security.token.bearer.BearerTokenReader;
import io.micronaut.security.token.reader.TokenReader;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Reads a browser's token; after {@link BearerTokenReader}, because a header is meant and a cookie is sent unasked. */
@Singleton
final class CookieReader implements TokenReader<HttpRequest<?>> {
    private final TokenSettings settings;

    CookieReader(TokenSettings settings) {
        this.settings = settings;
    }

    @Override
    public Optional<String> findToken(HttpRequest<?> request) {
        return request.getCookies().findCookie(settings.cookieName()).map(Cookie::getValue);
    }

    @Override
    public int getOrder() {
        return BearerTokenReader.ORDER + 2;
    }
}
