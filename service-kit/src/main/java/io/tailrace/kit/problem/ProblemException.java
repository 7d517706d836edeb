package io.tailrace.kit.problem;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ends a request with a problem. It carries no stack trace: it is an answer, not a fault of the server.
 */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;
    private final transient Map<String, String> headers;

    /** Answers with {@code problem}. */
    public ProblemException(Problem problem) {
        this(problem, Map.of(), null);
    }

    /** Answers with a problem of a known kind. */
    public ProblemException(ProblemType type, @Nullable String detail) {
        this(Problem.of(type, detail));
    }

    private ProblemException(Problem problem, Map<String, String> headers, @Nullable Throwable cause) {
        super(problem.detail() == null ? problem.title() : problem.detail(), cause, false, false);
        this.problem = problem;
        this.headers = headers;
    }

    /** Input with one fault. */
    public static ProblemException invalid(String field, String message) {
        return new ProblemException(Problem.invalid(field, message));
    }

    /** Input with faults. */
    public static ProblemException invalid(List<Problem.FieldError> errors) {
        return new ProblemException(Problem.invalid(errors));
    }

    /**
     * Something that the request needs is away; the client may come again.
     *
     * @param retryAfter rounded up to whole seconds in the answer
     * @param cause for the log only, or null
     */
    public static ProblemException unavailable(String detail, Duration retryAfter, @Nullable Throwable cause) {
        long seconds = Math.max(1, retryAfter.plusMillis(999).toSeconds());
        return new ProblemException(
                Problem.of(ProblemType.UNAVAILABLE, detail), Map.of("Retry-After", Long.toString(seconds)), cause);
    }

    /** The same with one more response header. */
    public ProblemException with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new ProblemException(problem, Map.copyOf(more), getCause());
    }

    /** The same with these faults of the input. */
    public ProblemException withErrors(List<Problem.FieldError> errors) {
        return new ProblemException(
                new Problem(problem.type(), problem.title(), problem.status(), problem.detail(), List.copyOf(errors)),
                headers,
                getCause());
    }

    /** The answer's body. */
    public Problem problem() {
        return problem;
    }

    /** The answer's headers. */
    public Map<String, String> headers() {
        return headers;
    }
}
