package io.tailrace.ingest.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import io.tailrace.kit.problem.ProblemType;
import org.jspecify.annotations.Nullable;

/**
 * A refusal that is about the state of a job: problem details (RFC 9457) with one more member.
 *
 * @param type a stable URI for the kind of problem
 * @param title the kind in words
 * @param status the HTTP status
 * @param detail this occurrence in words
 * @param state where the job stands, or null
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
record JobProblem(String type, String title, int status, String detail, @Nullable String state) {
    static JobProblem of(ProblemType type, String detail, @Nullable String state) {
        return new JobProblem(type.uri(), type.title(), type.status(), detail, state);
    }
}
