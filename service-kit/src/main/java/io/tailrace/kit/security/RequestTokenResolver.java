package io.tailrace.kit.security;

import io.micronaut.context.annotation.Replaces;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.token.reader.DefaultTokenResolver;
import io.micronaut.security.token.reader.TokenReader;
import io.micronaut.security.token.reader.TokenResolver;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/**
 * The one token of a request: that of {@code Authorization: Bearer} (RFC 6750, section 2.1), else that of the cookie.
 * micronaut-security's own resolver offers all of them, and then whoever sends a wrong header is who the cookie says.
 */
@Singleton
@Replaces(DefaultTokenResolver.class)
final class RequestTokenResolver implements TokenResolver<HttpRequest<?>> {
    private final List<TokenReader<HttpRequest<?>>> readers;

    RequestTokenResolver(List<TokenReader<HttpRequest<?>>> readers) {
        this.readers = readers;
    }

    @Override
    public List<String> resolveTokens(HttpRequest<?> request) {
        return resolveToken(request).map(List::of).orElseGet(List::of);
    }

    @Override
    public Optional<String> resolveToken(HttpRequest<?> request) {
        for (TokenReader<HttpRequest<?>> reader : readers) {
            Optional<String> token = reader.findToken(request);
            if (token.isPresent()) {
                return token.map(String::strip);
            }
        }
        return Optional.empty();
    }
}
