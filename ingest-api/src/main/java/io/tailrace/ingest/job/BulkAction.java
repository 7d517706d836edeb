package io.tailrace.ingest.job;

import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobCommandIds;
import io.tailrace.contracts.job.JobState;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** What can be done with many jobs in one request, and the states from which it is possible. */
enum BulkAction {
    /** Nothing more happens to the jobs. */
    CANCEL(EnumSet.of(JobState.SCHEDULED, JobState.READY, JobState.RUNNING, JobState.RETRYING)) {
        @Override
        JobCommand command(UUID commandId, String queue, UUID job) {
            return new JobCommand.Cancel(commandId, queue, job);
        }

        @Override
        UUID commandId(String subject, UUID job, String key) {
            return JobCommandIds.cancel(subject, job, key);
        }
    },
    /** The jobs are tried again. */
    RETRY(EnumSet.of(JobState.DEAD, JobState.CANCELLED)) {
        @Override
        JobCommand command(UUID commandId, String queue, UUID job) {
            return new JobCommand.Retry(commandId, queue, job);
        }

        @Override
        UUID commandId(String subject, UUID job, String key) {
            return JobCommandIds.retry(subject, job, key);
        }
    },
    /** The jobs do not wait for their time any longer. */
    RUN_NOW(EnumSet.of(JobState.SCHEDULED, JobState.RETRYING)) {
        @Override
        JobCommand command(UUID commandId, String queue, UUID job) {
            return new JobCommand.RunNow(commandId, queue, job);
        }

        @Override
        UUID commandId(String subject, UUID job, String key) {
            return JobCommandIds.runNow(subject, job, key);
        }
    };

    private final Set<JobState> from;

    BulkAction(Set<JobState> from) {
        this.from = from;
    }

    /** The command for one job. */
    abstract JobCommand command(UUID commandId, String queue, UUID job);

    /** The id of the command for one job in a request that came with an idempotency key. */
    abstract UUID commandId(String subject, UUID job, String key);

    /** The name as on the wire, for example {@code run-now}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The labels of the states from which it is possible. */
    List<String> states() {
        return from.stream().map(JobState::label).toList();
    }

    /** The action of that label; empty if there is none. */
    static Optional<BulkAction> parse(String label) {
        return Arrays.stream(values())
                .filter(action -> action.label().equals(label))
                .findFirst();
    }

    /** All labels, for a message. */
    static String labels() {
        return Arrays.stream(values()).map(BulkAction::label).collect(Collectors.joining(", "));
    }
}
