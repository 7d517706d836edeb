package io.tailrace.edge.http;

import io.tailrace.kit.problem.Problem;
import io.tailrace.kit.problem.ProblemType;
import java.util.List;
import java.util.Map;

/**
 * Why a request gets no stream.
 *
 * @param problem the answer's body
 * @param headers headers that go with it
 */
record Refusal(Problem problem, Map<String, String> headers) {
    static Refusal of(ProblemType type, String detail) {
        return new Refusal(Problem.of(type, detail), Map.of());
    }

    static Refusal of(ProblemType type, String detail, List<Problem.FieldError> errors) {
        return new Refusal(Problem.of(type, detail, errors), Map.of());
    }

    static Refusal invalid(String field, String message) {
        return new Refusal(Problem.invalid(field, message), Map.of());
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
        return new Refusal(problem, more);
    }
}
