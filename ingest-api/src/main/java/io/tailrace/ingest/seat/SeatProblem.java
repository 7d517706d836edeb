package io.tailrace.ingest.seat;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import io.tailrace.kit.problem.Problem;
import io.tailrace.kit.problem.ProblemType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A refusal that is about certain seats: problem details (RFC 9457) with one more member.
 *
 * @param type a stable URI for the kind of problem
 * @param title the kind in words
 * @param status the HTTP status
 * @param detail this occurrence in words
 * @param errors what is wrong where
 * @param seats the seats that it is about, or null
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
record SeatProblem(
        String type,
        String title,
        int status,
        String detail,
        List<Problem.FieldError> errors,
        @Nullable List<String> seats) {
    static SeatProblem of(
            ProblemType type, String detail, List<Problem.FieldError> errors, @Nullable List<String> seats) {
        return new SeatProblem(type.uri(), type.title(), type.status(), detail, errors, seats);
    }
}
