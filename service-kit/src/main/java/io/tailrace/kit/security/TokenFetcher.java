package io.tailrace.kit.security;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.cookie.Cookie;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.filters.AuthenticationFetcher;
import io.tailrace.kit.security.Verification.Invalid;
import io.tailrace.kit.security.Verification.Valid;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * Finds out who is calling: by {@code Authorization: Bearer} (RFC 6750, section 2.1), else by the cookie. A token that is
 * not valid makes the caller anonymous, so that an old cookie does not lock a browser out of the page where it signs in;
 * where a token is needed, the answer says what was wrong with it.
 */
@Singleton
final class TokenFetcher implements AuthenticationFetcher<HttpRequest<?>> {
    private static final String BEARER = "Bearer ";
    private static final String VERIFICATION = "tailrace.verification";

    private final TokenVerifier verifier;
    private final TokenSettings settings;

    TokenFetcher(TokenVerifier verifier, TokenSettings settings) {
        this.verifier = verifier;
        this.settings = settings;
    }

    @Override
    public Publisher<Authentication> fetchAuthentication(HttpRequest<?> request) {
        return token(request)
                .map(token -> {
                    CompletableFuture<Verification> verification =
                            verifier.verifyOrRefresh(token).toCompletableFuture();
                    return verification.isDone()
                            ? publish(remember(request, verification.join()))
                            : Publishers.fromCompletableFuture(verification.thenApply(it -> remember(request, it)));
                })
                .orElseGet(Publishers::empty);
    }

    /** What the request's token turned out to be; empty if it has none. */
    static Optional<Verification> verification(HttpRequest<?> request) {
        return request.getAttribute(VERIFICATION, Verification.class);
    }

    private Optional<String> token(HttpRequest<?> request) {
        String header = request.getHeaders().get("Authorization");
        if (header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.of(header.substring(BEARER.length()).strip());
        }
        return request.getCookies().findCookie(settings.cookieName()).map(Cookie::getValue);
    }

    private static Publisher<Authentication> publish(@Nullable Authentication authentication) {
        return authentication == null ? Publishers.empty() : Publishers.just(authentication);
    }

    /** Keeps the outcome with the request; null if it says nothing about anybody. */
    private static @Nullable Authentication remember(HttpRequest<?> request, Verification verification) {
        request.setAttribute(VERIFICATION, verification);
        return switch (verification) {
            case Valid valid ->
                Authentication.build(
                        String.valueOf(valid.grants().subject()), valid.grants().roles());
            case Invalid ignored -> null;
        };
    }
}
