package io.tailrace.kit.security;

import io.micronaut.http.HttpRequest;
import io.micronaut.security.token.bearer.BearerTokenReader;
import io.micronaut.security.token.reader.TokenReader;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Reads the API key of a request; after a bearer's token, and before a cookie, which is sent unasked. */
@Singleton
final class ApiKeyReader implements TokenReader<HttpRequest<?>> {
    private static final String HEADER = "X-Api-Key";

    @Override
    public Optional<String> findToken(HttpRequest<?> request) {
        return request.getHeaders().findFirst(HEADER);
    }

    @Override
    public int getOrder() {
        return BearerTokenReader.ORDER + 1;
    }
}
