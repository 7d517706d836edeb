package io.tailrace.kit.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer that says what went wrong: problem details of RFC 9457, sent as {@code application/problem+json}.
 *
 * @param type a stable URI for the kind of problem; clients may decide by it
 * @param title the kind in words, the same for every occurrence
 * @param status the HTTP status
 * @param detail this occurrence in words, or null
 * @param errors for input that is not valid, what is wrong where; otherwise null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
        String type, String title, int status, @Nullable String detail, @Nullable List<FieldError> errors) {
    /** The media type of a problem. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /**
     * One fault of the input.
     *
     * @param field where: a path such as {@code events[2].type}, a parameter's or header's name
     * @param message what was found and what was expected
     */
    public record FieldError(String field, String message) {}

    /** A problem of a known kind. */
    public static Problem of(ProblemType type, @Nullable String detail) {
        return new Problem(type.uri(), type.title(), type.status(), detail, null);
    }

    /** A problem of a known kind with the faults of the input. */
    public static Problem of(ProblemType type, @Nullable String detail, List<FieldError> errors) {
        return new Problem(type.uri(), type.title(), type.status(), detail, List.copyOf(errors));
    }

    /** Input with one fault: {@link ProblemType#VALIDATION}. */
    public static Problem invalid(String field, String message) {
        return invalid(List.of(new FieldError(field, message)));
    }

    /** Input with faults: {@link ProblemType#VALIDATION}. */
    public static Problem invalid(List<FieldError> errors) {
        return of(ProblemType.VALIDATION, null, errors);
    }
}
