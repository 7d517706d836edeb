package io.tailrace.ingest.job;

import io.tailrace.contracts.job.JobEvents.CommandAnswered;
import io.tailrace.contracts.job.JobEvents.JobChanged;
import io.tailrace.contracts.job.JobEvents.QueueChanged;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the dispatcher decided on a command of this service. Immutable. */
public sealed interface JobDecision {
    /** The command. */
    @Nullable
    UUID commandId();

    /** Of the command, if it enqueued a job; else empty: other ids are of one command. */
    String fingerprint();

    /** A job changed as the command wanted. */
    record Changed(JobChanged changed) implements JobDecision {
        @Override
        public @Nullable UUID commandId() {
            return changed.commandId();
        }

        @Override
        public String fingerprint() {
            return changed.fingerprint() == null ? "" : changed.fingerprint();
        }
    }

    /** A queue is as the command wanted. */
    record Queue(QueueChanged changed) implements JobDecision {
        @Override
        public @Nullable UUID commandId() {
            return changed.commandId();
        }

        @Override
        public String fingerprint() {
            return "";
        }
    }

    /** The command changed nothing. */
    record Answered(CommandAnswered answer) implements JobDecision {
        @Override
        public @Nullable UUID commandId() {
            return answer.commandId();
        }

        @Override
        public String fingerprint() {
            return answer.fingerprint() == null ? "" : answer.fingerprint();
        }
    }
}
