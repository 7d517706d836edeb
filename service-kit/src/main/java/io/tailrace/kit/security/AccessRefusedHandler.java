package io.tailrace.kit.security;

import io.micronaut.context.annotation.Replaces;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import io.micronaut.security.authentication.AuthorizationException;
import io.micronaut.security.authentication.DefaultAuthorizationExceptionHandler;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Verification.Invalid;
import io.tailrace.kit.security.Verification.Reason;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Answers 401 with a challenge that says what is wrong with the token (RFC 6750, section 3), or 403, or 503. */
@Singleton
@Replaces(DefaultAuthorizationExceptionHandler.class)
final class AccessRefusedHandler implements ExceptionHandler<AuthorizationException, MutableHttpResponse<?>> {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final ErrorResponseProcessor<?> responder;

    AccessRefusedHandler(ErrorResponseProcessor<?> responder) {
        this.responder = responder;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public MutableHttpResponse<?> handle(HttpRequest request, AuthorizationException refusal) {
        HttpRequest<?> typed = request;
        return responder.processResponse(
                ErrorContext.builder(typed).cause(problem(typed, refusal)).build(), HttpResponse.unauthorized());
    }

    private static ProblemException problem(HttpRequest<?> request, AuthorizationException refusal) {
        if (refusal.isForbidden()) {
            return new ProblemException(ProblemType.FORBIDDEN, "The token does not allow this.");
        }
        Verification verification = RequestTokenValidator.verification(request).orElse(null);
        if (!(verification instanceof Invalid(Reason reason))) {
            return new ProblemException(ProblemType.UNAUTHORIZED, "A token is needed.")
                    .with(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        return reason == Reason.KEYS_UNAVAILABLE
                ? ProblemException.unavailable("Tokens cannot be verified at present.", RETRY_AFTER, null)
                : new ProblemException(ProblemType.UNAUTHORIZED, "Not accepted: " + reason.description() + ".")
                        .with(
                                HttpHeaders.WWW_AUTHENTICATE,
                                "Bearer error=\"invalid_token\", error_description=\"" + reason.description() + "\"");
    }
}
