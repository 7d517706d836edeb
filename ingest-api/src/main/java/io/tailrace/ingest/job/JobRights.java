package io.tailrace.ingest.job;

import io.tailrace.contracts.job.JobTypePattern;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which jobs a caller may enqueue, read and cancel.
 *
 * @param patterns the types of the jobs
 */
public record JobRights(List<JobTypePattern> patterns) {
    /** The role that may do everything with jobs and queues. */
    public static final String OPERATOR = "operator";

    /** Those of an operator. */
    static final JobRights ALL = new JobRights(List.of(new JobTypePattern("*")));

    /** Copies the patterns. */
    public JobRights {
        patterns = List.copyOf(patterns);
    }

    /**
     * The rights of a caller.
     *
     * @throws ProblemException 401 for nobody, 403 if there are none
     */
    public static JobRights of(Caller caller) {
        var unused = caller.subject();
        if (caller.hasRole(OPERATOR)) {
            return ALL;
        }
        if (caller.grants().jobs().isEmpty()) {
            throw new ProblemException(
                    ProblemType.FORBIDDEN,
                    "This needs the role operator, or a token whose claim \"jobs\" names types of jobs");
        }
        return new JobRights(caller.grants().jobs());
    }

    /** Whether they cover jobs of a type. */
    public boolean cover(String type) {
        return patterns.stream().anyMatch(pattern -> pattern.matches(type));
    }

    /** The patterns as those of {@code like} in SQL, with commas between them. */
    String like() {
        return patterns.stream()
                .map(pattern -> pattern.beginning().replace("_", "\\_") + (pattern.isPrefix() ? "%" : ""))
                .collect(Collectors.joining(","));
    }

    @Override
    public String toString() {
        return patterns.stream().map(JobTypePattern::text).collect(Collectors.joining(", "));
    }
}
