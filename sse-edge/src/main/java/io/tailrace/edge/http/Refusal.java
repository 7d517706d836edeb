package io.tailrace.edge.http;

import io.tailrace.kit.problem.Problem;
import io.tailrace.kit.problem.ProblemType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a request gets no stream.
 *
 * @param problem the answer's body
 * @param headers headers that go with it
 * @param pause for how long, if the same request may succeed later; null if it never will
 */
public record Refusal(Problem problem, Map<String, String> headers, @Nullable Pause pause) {
    /**
     * A refusal that passes by itself.
     *
     * @param reason the word for it in {@code stream.closing}
     * @param seconds when to come again, jittered
     */
    public record Pause(String reason, long seconds) {}

    /** One that holds for good. */
    public Refusal(Problem problem, Map<String, String> headers) {
        this(problem, headers, null);
    }

    /** A fault of the server's own. */
    public static Refusal internal() {
        return of(ProblemType.INTERNAL, "a fault of the server");
    }

    static Refusal of(ProblemType type, String detail) {
        return new Refusal(Problem.of(type, detail), Map.of());
    }

    static Refusal of(ProblemType type, String detail, List<Problem.FieldError> errors) {
        return new Refusal(Problem.of(type, detail, errors), Map.of());
    }

    static Refusal invalid(String field, String message) {
        return new Refusal(Problem.invalid(field, message), Map.of());
    }

    /** One that passes, with {@code Retry-After}. */
    static Refusal passing(ProblemType type, String detail, Pause pause) {
        return new Refusal(Problem.of(type, detail), Map.of("Retry-After", Long.toString(pause.seconds)), pause);
    }

    /** 401 with the challenge of RFC 6750, section 3. */
    static Refusal unauthorized(String detail, boolean hadToken) {
        return of(ProblemType.UNAUTHORIZED, detail)
                .with("WWW-Authenticate", hadToken ? "Bearer error=\"invalid_token\"" : "Bearer");
    }

    /** The same with this header. */
    Refusal with(String header, String value) {
        return with(Map.of(header, value));
    }

    /** The same with these headers. */
    Refusal with(Map<String, String> more) {
        return new Refusal(problem, more, pause);
    }
}
