package io.tailrace.kit.problem;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;

/** Takes every exception that nobody more special takes. */
@Singleton
final class AnyExceptionHandler implements ExceptionHandler<Throwable, HttpResponse<?>> {
    private final ProblemResponder responder;

    AnyExceptionHandler(ProblemResponder responder) {
        this.responder = responder;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public HttpResponse<?> handle(HttpRequest request, Throwable fault) {
        return responder.respond(request, fault, HttpResponse.serverError());
    }
}
