package io.tailrace.kit.job;

import org.jspecify.annotations.Nullable;

/**
 * Does the jobs of one type. A bean of this type is all that a kind of work needs in Java; its type is declared among the {@linkplain
 * io.tailrace.contracts.job.JobTypes types of jobs}, where the payload of each new job is checked.
 *
 * <p>A job may run more than once: a worker that vanishes has perhaps done its work and not said so. What a handler does elsewhere it
 * does under the job's {@linkplain JobContext#id() id}, so that the second time changes nothing.
 *
 * @param <T> the payload, a record that is read from JSON with names in snake_case
 */
public interface JobHandler<T> {
    /** The type of its jobs. */
    String type();

    /** What a payload is read as. */
    Class<T> payload();

    /**
     * Does a job, on a virtual thread of its own. It may block. It is interrupted when its job was cancelled, when its time is over and
     * when it has lost its lease; whatever it returns afterwards changes nothing.
     *
     * @return what is kept as the job's result and written as JSON, at most 65,536 bytes; null for none
     * @throws JobFailure if the attempt has failed, and this says of which type the error is and what follows
     * @throws Exception if it has failed otherwise: the error's type is the name of the exception's class, and the job is tried again
     */
    @Nullable
    Object run(T payload, JobContext context) throws Exception;
}
