package io.tailrace.ingest.lease;

import io.tailrace.ingest.job.JobRights;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;

/** Who may run jobs: a service whose token has the role {@code worker}, and of the types that its claim {@code jobs} names. Pure. */
final class LeaseRights {
    private static final String WORKER = "worker";

    private LeaseRights() {}

    /**
     * The types of jobs that a caller may run.
     *
     * @throws ProblemException 401 for nobody, 403 for a person and for a service that is no worker
     */
    static JobRights of(Caller caller) {
        boolean isPerson = Caller.accountId(caller.subject()).isPresent();
        if (isPerson || !caller.hasRole(WORKER) || caller.grants().jobs().isEmpty()) {
            throw new ProblemException(
                    ProblemType.FORBIDDEN,
                    "This needs the token of a service, with the role worker and a claim \"jobs\" that names types of"
                            + " jobs");
        }
        return new JobRights(caller.grants().jobs());
    }
}
