package io.tailrace.ingest.job;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tailrace.contracts.job.JobQueue;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.projection.ProjectionWait;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * How jobs and queues stand, as of the call if their copy gets there in time; and which queue a job is in. Thread-safe; blocks.
 */
@Singleton
public class Jobs {
    private static final String PROJECTION = "jobs";
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final JobRows jobs;
    private final AttemptRows attempts;
    private final QueueRows queues;
    private final Database database;
    private final ProjectionWait projection;
    private final JobQueues declared;
    private final int attemptsShown;
    private final Cache<UUID, Place> known;

    /** What never changes of a job and every command about it needs. */
    public record Place(String queue, String type) {}

    /**
     * What was read.
     *
     * @param fresh whether it is as the log had it when it was asked for
     */
    record Found<T>(T value, boolean fresh) {}

    /** A job with its last attempts, the last one first. */
    record JobAndAttempts(JobRow job, List<AttemptRow> attempts) {}

    Jobs(
            JobRows jobs,
            AttemptRows attempts,
            QueueRows queues,
            Database database,
            ProjectionWait projection,
            JobQueues declared,
            JobsSettings settings) {
        this.jobs = jobs;
        this.attempts = attempts;
        this.queues = queues;
        this.database = database;
        this.projection = projection;
        this.declared = declared;
        this.attemptsShown = settings.attemptsShown();
        this.known = Caffeine.newBuilder().maximumSize(settings.knownJobs()).build();
    }

    /** Remembers where a job is that may be in the log. */
    public void remember(UUID id, Place place) {
        known.put(id, place);
    }

    /**
     * Where a job is.
     *
     * @throws ProblemException 404 if there is no such job within the rights, 503 if that could not be found out
     */
    public Place place(UUID id, JobRights rights) {
        Place place = known.getIfPresent(id);
        if (place == null) {
            JobRow row = find(id).or(() -> findAfterAll(id)).orElseThrow(() -> missing(id));
            place = new Place(row.queue(), row.type());
            known.put(id, place);
        }
        if (!rights.cover(place.type())) {
            throw missing(id);
        }
        return place;
    }

    /**
     * A job with its attempts.
     *
     * @throws ProblemException 404 if there is no such job within the rights, 503 if that could not be found out
     */
    Found<JobAndAttempts> get(UUID id, JobRights rights) {
        Optional<JobRow> found = find(id);
        Place place = found.map(row -> new Place(row.queue(), row.type())).orElse(known.getIfPresent(id));
        boolean fresh = true;
        if (place == null) {
            found = findAfterAll(id);
        } else {
            fresh = projection.catchUp(PROJECTION, Topics.JOB_EVENTS, FactKeys.partition(place.queue()));
            found = find(id);
            if (found.isEmpty() && !fresh) {
                throw lagging();
            }
        }
        JobRow row = found.filter(it -> rights.cover(it.type())).orElseThrow(() -> missing(id));
        return new Found<>(new JobAndAttempts(row, database.call(() -> attempts.last(id, attemptsShown))), fresh);
    }

    /**
     * The newest jobs before a place.
     *
     * @param queue empty for any, like type and state
     * @throws ProblemException 503 if PostgreSQL is away
     */
    Found<List<JobRow>> newest(String queue, String type, String state, JobRights rights, JobCursor before, int limit) {
        boolean fresh = catchUp(queue);
        List<JobRow> rows = database.call(
                () -> jobs.newest(queue, type, state, rights.like(), before.micros(), before.id(), limit));
        return new Found<>(rows, fresh);
    }

    /**
     * The newest jobs that a request about many jobs is for, those that were enqueued last first.
     *
     * @throws ProblemException 503 if PostgreSQL is away
     */
    List<JobRow> matching(BulkRequest request, int limit) {
        String states = String.join(",", request.states());
        return newest(request.queue(), request.type(), states, JobRights.ALL, request.before(), limit)
                .value();
    }

    /**
     * The jobs with these ids that are there, in any order.
     *
     * @throws ProblemException 503 if PostgreSQL is away
     */
    List<JobRow> named(Set<UUID> ids) {
        String all = ids.stream().map(UUID::toString).collect(Collectors.joining(","));
        List<JobRow> found = database.call(() -> jobs.named(all));
        if (found.size() == ids.size()) {
            return found;
        }
        // A job that was enqueued just now need not be in the copy yet.
        boolean unused = catchUp("");
        return database.call(() -> jobs.named(all));
    }

    /**
     * The declared queues.
     *
     * @throws ProblemException 503 if PostgreSQL is away
     */
    Found<List<QueueRow>> queues() {
        boolean fresh = catchUp("");
        String names = declared.all().stream().map(JobQueue::name).collect(Collectors.joining(","));
        return new Found<>(database.call(() -> queues.find(names)), fresh);
    }

    private boolean catchUp(String queue) {
        return queue.isEmpty()
                ? projection.catchUpAll(PROJECTION, Topics.JOB_EVENTS, Topics.FACT_PARTITIONS)
                : projection.catchUp(PROJECTION, Topics.JOB_EVENTS, FactKeys.partition(queue));
    }

    /** Nobody knows the queue of such an id, so all partitions must have been read before it can be said not to be there. */
    private Optional<JobRow> findAfterAll(UUID id) {
        boolean caughtUp = catchUp("");
        Optional<JobRow> found = find(id);
        if (found.isEmpty() && !caughtUp) {
            throw lagging();
        }
        return found;
    }

    private Optional<JobRow> find(UUID id) {
        return database.call(() -> jobs.find(id));
    }

    private static ProblemException missing(UUID id) {
        return new ProblemException(
                ProblemType.NOT_FOUND,
                "There is no job with the id " + id
                        + ", or it is not decided yet, or it ended so long ago that it is forgotten");
    }

    private static ProblemException lagging() {
        return ProblemException.unavailable("The copy of the jobs lags behind the log", RETRY_AFTER, null);
    }
}
