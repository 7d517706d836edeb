package io.tailrace.kit.security;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.token.validator.TokenValidator;
import io.tailrace.kit.security.Verification.Invalid;
import io.tailrace.kit.security.Verification.Valid;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * Validates the token of an HTTP request for micronaut-security. A token that is not valid makes the caller anonymous, so that
 * an old cookie does not lock a browser out of the page where it signs in; where a token is needed, the answer says what was wrong
 * with it.
 */
@Singleton
final class RequestTokenValidator implements TokenValidator<HttpRequest<?>> {
    private static final String VERIFICATION = "tailrace.verification";

    private final TokenVerifier verifier;

    RequestTokenValidator(TokenVerifier verifier) {
        this.verifier = verifier;
    }

    @Override
    public Publisher<Authentication> validateToken(String token, @Nullable HttpRequest<?> request) {
        CompletableFuture<Verification> verification =
                verifier.verifyOrRefresh(token).toCompletableFuture();
        return verification.isDone()
                ? publish(remember(request, verification.join()))
                : Publishers.fromCompletableFuture(verification.thenApply(it -> remember(request, it)));
    }

    /** What the request's token turned out to be; empty if it has none. */
    static Optional<Verification> verification(HttpRequest<?> request) {
        return request.getAttribute(VERIFICATION, Verification.class);
    }

    private static Publisher<Authentication> publish(@Nullable Authentication authentication) {
        return authentication == null ? Publishers.empty() : Publishers.just(authentication);
    }

    /** Keeps the outcome with the request; null if it says nothing about anybody. */
    private static @Nullable Authentication remember(@Nullable HttpRequest<?> request, Verification verification) {
        if (request != null) {
            request.setAttribute(VERIFICATION, verification);
        }
        return switch (verification) {
            case Valid valid ->
                Authentication.build(
                        String.valueOf(valid.grants().subject()), valid.grants().roles());
            case Invalid ignored -> null;
        };
    }
}
