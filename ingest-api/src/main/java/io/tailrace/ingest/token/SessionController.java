package io.tailrace.ingest.token;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.tailrace.ingest.attempt.SignInAttempts;
import io.tailrace.kit.limit.ClientAddress;

/**
 * Signing in and out. These answers hold secrets, so they are never stored: an {@code Idempotency-Key} has no effect here.
 * A login can be repeated; a refresh whose answer was lost ends in a new login.
 */
@Controller("/auth")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_ANONYMOUS)
final class SessionController {
    private final Sessions sessions;
    private final TokenCookie cookie;
    private final SignInAttempts attempts;
    private final ClientAddress addresses;

    SessionController(Sessions sessions, TokenCookie cookie, SignInAttempts attempts, ClientAddress addresses) {
        this.sessions = sessions;
        this.cookie = cookie;
        this.attempts = attempts;
        this.addresses = addresses;
    }

    /** Signs in. */
    @Post("/login")
    HttpResponse<Tokens> login(HttpRequest<?> request, @Body Credentials body) {
        Credentials.Checked credentials = body.checked();
        return answer(
                request,
                attempts.make(
                        credentials.email(),
                        addresses.of(request),
                        () -> sessions.login(credentials.email(), credentials.password())));
    }

    /** Gives the next pair of tokens. */
    @Post("/refresh")
    HttpResponse<Tokens> refresh(HttpRequest<?> request, @Body RefreshRequest body) {
        return answer(request, sessions.refresh(body.checked()));
    }

    /** Makes the browser forget its token and, with a refresh token, ends its family. */
    @Post("/logout")
    @Status(HttpStatus.NO_CONTENT)
    HttpResponse<Void> logout(HttpRequest<?> request, @Body @Nullable RefreshRequest body) {
        if (body != null) {
            sessions.logout(body.checked());
        }
        return HttpResponse.<Void>noContent().cookie(cookie.cleared(request));
    }

    private HttpResponse<Tokens> answer(HttpRequest<?> request, Tokens tokens) {
        return HttpResponse.ok(tokens)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .cookie(cookie.of(request, tokens));
    }
}
