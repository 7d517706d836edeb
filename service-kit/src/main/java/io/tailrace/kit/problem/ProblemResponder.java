package io.tailrace.kit.problem;

import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.RouteInfo;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers every error with problem details, also those that the HTTP server finds before a controller is chosen.
 * Thread-safe.
 */
@Singleton
final class ProblemResponder implements ErrorResponseProcessor<Problem> {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemResponder.class);

    @Override
    public MutableHttpResponse<Problem> processResponse(ErrorContext context, MutableHttpResponse<?> base) {
        Throwable cause = context.getRootCause().orElse(null);
        return cause == null
                ? answer(context.getRequest(), base, withoutCause(context.getRequest(), base))
                : respond(context.getRequest(), cause, base);
    }

    /** The answer to an exception, on top of what {@code base} already has. */
    MutableHttpResponse<Problem> respond(HttpRequest<?> request, Throwable fault, MutableHttpResponse<?> base) {
        if (fault instanceof ProblemException e) {
            e.headers().forEach(base::header);
        }
        Problem problem = ProblemTranslation.of(fault, bodyArgument(request)).orElseGet(() -> internal(request, fault));
        return answer(request, base, problem);
    }

    private static Optional<String> bodyArgument(HttpRequest<?> request) {
        return RouteAttributes.getRouteInfo(request)
                .flatMap(RouteInfo::getRequestBodyType)
                .map(Argument::getName);
    }

    private static Problem withoutCause(HttpRequest<?> request, HttpResponse<?> base) {
        @Nullable
        Throwable decoding = request instanceof NettyHttpRequest<?> netty
                ? netty.getNativeRequest().decoderResult().cause()
                : null;
        if (decoding instanceof TooLongHttpLineException) {
            return Problem.of(ProblemType.URI_TOO_LONG, null);
        }
        if (decoding instanceof TooLongHttpHeaderException) {
            return Problem.of(ProblemType.HEADERS_TOO_LARGE, null);
        }
        return decoding != null ? Problem.of(ProblemType.BAD_REQUEST, null) : ProblemTranslation.of(base.code(), null);
    }

    private static Problem internal(HttpRequest<?> request, Throwable fault) {
        if (fault instanceof IOException && hasGone(request)) {
            LOG.debug("{} {}: the client has gone", request.getMethodName(), request.getPath(), fault);
            return Problem.of(ProblemType.BAD_REQUEST, "The connection ended before the request did.");
        }
        UUID incident = UUID.randomUUID();
        LOG.error("Incident {}: {} {} failed", incident, request.getMethodName(), request.getPath(), fault);
        return Problem.of(ProblemType.INTERNAL, "The server's log has the cause under incident " + incident + ".");
    }

    private static boolean hasGone(HttpRequest<?> request) {
        return request instanceof NettyHttpRequest<?> netty
                && !netty.getChannelHandlerContext().channel().isActive();
    }

    private static MutableHttpResponse<Problem> answer(
            HttpRequest<?> request, MutableHttpResponse<?> base, Problem problem) {
        base.status(problem.status(), problem.title());
        if (problem.status() == 401
                && Optional.ofNullable(base.getHeaders().get(HttpHeaders.WWW_AUTHENTICATE))
                        .isEmpty()) {
            base.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        base.contentType(Problem.MEDIA_TYPE);
        return request.getMethod() == HttpMethod.HEAD ? base.body(null) : base.body(problem);
    }
}
