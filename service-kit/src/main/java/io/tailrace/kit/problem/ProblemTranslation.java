package io.tailrace.kit.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.micronaut.core.convert.exceptions.ConversionErrorException;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.codec.CodecException;
import io.micronaut.http.exceptions.BufferLengthExceededException;
import io.micronaut.http.exceptions.ContentLengthExceededException;
import io.micronaut.http.exceptions.HttpStatusException;
import io.micronaut.http.server.exceptions.NotAcceptableException;
import io.micronaut.http.server.exceptions.NotAllowedException;
import io.micronaut.http.server.exceptions.NotFoundException;
import io.micronaut.http.server.exceptions.UnsupportedMediaException;
import io.micronaut.json.JsonSyntaxException;
import io.micronaut.web.router.exceptions.UnsatisfiedRouteException;
import io.netty.handler.codec.compression.DecompressionException;
import io.tailrace.kit.json.JsonFaults;
import io.tailrace.kit.json.JsonFaults.Fault;
import jakarta.validation.ConstraintViolationException;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which problem an exception is. Pure. */
final class ProblemTranslation {
    /** What a status says when nothing else is known. */
    private static final List<ProblemType> GENERIC = List.of(
            ProblemType.BAD_REQUEST,
            ProblemType.UNAUTHORIZED,
            ProblemType.FORBIDDEN,
            ProblemType.NOT_FOUND,
            ProblemType.METHOD_NOT_ALLOWED,
            ProblemType.NOT_ACCEPTABLE,
            ProblemType.REQUEST_TIMEOUT,
            ProblemType.CONFLICT,
            ProblemType.PAYLOAD_TOO_LARGE,
            ProblemType.URI_TOO_LONG,
            ProblemType.UNSUPPORTED_MEDIA_TYPE,
            ProblemType.RATE_LIMITED,
            ProblemType.HEADERS_TOO_LARGE,
            ProblemType.INTERNAL,
            ProblemType.UNAVAILABLE);

    private ProblemTranslation() {}

    /**
     * The problem that the caller is to be told of; empty if the fault is the server's.
     *
     * @param bodyArgument the name of the controller's argument that takes the body
     */
    static Optional<Problem> of(Throwable fault, Optional<String> bodyArgument) {
        return switch (fault) {
            case ProblemException e -> Optional.of(e.problem());
            case ConstraintViolationException e -> Optional.of(Violations.problem(e, bodyArgument));
            case ContentLengthExceededException e -> Optional.of(tooLarge());
            case BufferLengthExceededException e -> Optional.of(tooLarge());
            case DecompressionException e ->
                Optional.of(Problem.of(
                        ProblemType.BAD_REQUEST, "The body is not compressed in the way that Content-Encoding says."));
            case URISyntaxException e -> Optional.of(Problem.of(ProblemType.BAD_REQUEST, "The URI is malformed."));
            case UnsatisfiedRouteException e -> Optional.of(missing(e.getArgument(), bodyArgument));
            case HttpStatusException e -> Optional.of(status(e));
            case JsonProcessingException e -> json(e);
            case JsonSyntaxException e -> cause(e, bodyArgument);
            case CodecException e -> cause(e, bodyArgument);
            case ConversionErrorException e ->
                cause(e, bodyArgument).or(() -> Optional.of(conversion(e, bodyArgument)));
            default -> Optional.empty();
        };
    }

    /** The problem for a status that came without an exception. */
    static Problem of(int status, @Nullable String detail) {
        return GENERIC.stream()
                .filter(type -> type.status() == status)
                .findFirst()
                .map(type -> Problem.of(type, detail))
                .orElseGet(() -> new Problem("about:blank", reason(status), status, detail, null));
    }

    private static String reason(int status) {
        try {
            return HttpStatus.valueOf(status).getReason();
        } catch (IllegalArgumentException e) {
            return "Status " + status;
        }
    }

    private static Optional<Problem> cause(Throwable fault, Optional<String> bodyArgument) {
        Throwable cause = fault.getCause();
        return cause == null || cause == fault ? Optional.empty() : of(cause, bodyArgument);
    }

    private static Optional<Problem> json(JsonProcessingException e) {
        Fault fault = JsonFaults.of(e);
        return fault == null
                ? Optional.empty()
                : Optional.of(
                        switch (fault) {
                            case Fault.Malformed malformed ->
                                Problem.of(ProblemType.MALFORMED_JSON, malformed.detail());
                            case Fault.Mismatch mismatch -> Problem.invalid(mismatch.field(), mismatch.message());
                        });
    }

    private static Problem tooLarge() {
        return Problem.of(ProblemType.PAYLOAD_TOO_LARGE, "The body is larger than this server accepts.");
    }

    private static Problem missing(Argument<?> argument, Optional<String> bodyArgument) {
        return Problem.invalid(
                field(argument, bodyArgument), "missing, expected " + JsonFaults.expected(argument.getType()));
    }

    private static String field(Argument<?> argument, Optional<String> bodyArgument) {
        return bodyArgument.filter(argument.getName()::equals).isPresent()
                ? "body"
                : Violations.snakeCase(argument.getName());
    }

    private static Problem conversion(ConversionErrorException e, Optional<String> bodyArgument) {
        Argument<?> argument = e.getArgument();
        String field = field(argument, bodyArgument);
        String expected = "expected " + JsonFaults.expected(argument.getType());
        return e.getConversionError()
                .getOriginalValue()
                .map(value -> Problem.invalid(field, JsonFaults.found(field, value) + ", " + expected))
                .orElseGet(() -> Problem.invalid(field, expected));
    }

    private static Problem status(HttpStatusException e) {
        String detail =
                switch (e) {
                    case NotFoundException ignored -> null;
                    case NotAllowedException notAllowed ->
                        notAllowed.getRequestMethod() + " is not allowed here, expected "
                                + String.join(", ", notAllowed.getAllowedMethods());
                    case UnsupportedMediaException unsupported ->
                        JsonFaults.shown(unsupported.getContentType()) + ", expected "
                                + String.join(", ", unsupported.getAcceptableContentTypes());
                    case NotAcceptableException notAcceptable ->
                        JsonFaults.shown(String.join(", ", notAcceptable.getAcceptedTypes())) + ", this can be "
                                + String.join(", ", notAcceptable.getProduceableContentTypes());
                    default -> e.getMessage();
                };
        return of(e.getStatus().getCode(), detail);
    }
}
