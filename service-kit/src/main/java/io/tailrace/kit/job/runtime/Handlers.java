package io.tailrace.kit.job.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import io.tailrace.contracts.job.JobError;
import io.tailrace.contracts.job.JobQueue;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.contracts.job.JobType;
import io.tailrace.contracts.job.JobTypes;
import io.tailrace.contracts.job.RetryPolicy;
import io.tailrace.kit.job.JobContext;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.JobHandler;
import io.tailrace.kit.job.attempt.Outcome;
import io.tailrace.kit.job.attempt.ReleasedJob;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The handlers of this process by the type of their jobs, and what their ends mean. Immutable. */
public final class Handlers {
    /** The type of the error of a payload that is not what the handler reads. */
    public static final String INVALID_PAYLOAD = "invalid_payload";

    /** The type of the error of a result that cannot be kept. */
    public static final String INVALID_RESULT = "invalid_result";

    private final Map<String, JobHandler<?>> byType = new TreeMap<>();
    private final JobTypes types;
    private final String group;

    /**
     * Handlers of a group of workers.
     *
     * @param all of this process; those of types of other groups are left alone
     * @param group the group that this process is in
     * @throws IllegalArgumentException if two are for one type
     */
    public Handlers(Collection<? extends JobHandler<?>> all, JobTypes types, String group) {
        this.types = types;
        this.group = group;
        for (JobHandler<?> handler : all) {
            if (isOfGroup(handler.type())) {
                JobHandler<?> other = byType.put(handler.type(), handler);
                if (other != null) {
                    throw new IllegalArgumentException("two handlers for jobs of the type " + handler.type() + ": "
                            + other.getClass().getName() + " and "
                            + handler.getClass().getName());
                }
            }
        }
    }

    private boolean isOfGroup(String type) {
        return types.of(type).map(JobType::workers).filter(group::equals).isPresent();
    }

    /** The group of workers that they are of. */
    public String group() {
        return group;
    }

    /** The queues in which jobs of the group may be. */
    public List<JobQueue> queues(JobQueues queues) {
        return types.queuesOf(group, queues);
    }

    /** The types that are run here. */
    public Set<String> types() {
        return Set.copyOf(byType.keySet());
    }

    /** The declared types of the group that have no handler here: their jobs wait. */
    public Set<String> missing() {
        Set<String> missing = new TreeSet<>();
        types.all().stream()
                .filter(type -> type.workers().equals(group) && !byType.containsKey(type.name()))
                .forEach(type -> missing.add(type.name()));
        return missing;
    }

    /** The handler of a type, or null. */
    @Nullable
    JobHandler<?> of(String type) {
        return byType.get(type);
    }

    /** Whether a type is declared for other workers, which have a copy of the record of their own. */
    boolean isOfOthers(String type) {
        return types.of(type)
                .map(JobType::workers)
                .filter(of -> !group.equals(of))
                .isPresent();
    }

    /** Does a job; never throws. */
    public static <T> Outcome run(JobHandler<T> handler, ReleasedJob job, JobContext context) {
        T payload;
        try {
            payload = payload(handler, job);
        } catch (IOException e) {
            String message = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
            return new Outcome.Failed(new JobError(INVALID_PAYLOAD, String.valueOf(message)), true, 0);
        }
        try {
            return succeeded(handler.run(payload, context));
        } catch (JobFailure e) {
            long retryAfterMs =
                    e.retryAfter() == null ? 0 : Math.clamp(e.retryAfter().toMillis(), 0, RetryPolicy.MOST_MS);
            if (!e.isCounted()) {
                context.log().info("Postponed: {}: {}", e.type(), e.getMessage());
                return new Outcome.HandedBack(retryAfterMs);
            }
            return new Outcome.Failed(
                    new JobError(e.type(), String.valueOf(e.getMessage())), e.isFinal(), retryAfterMs);
        } catch (Exception | Error e) {
            // An error, too: one job that needs too much memory or stack must not take the others' attempts with it.
            String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            return new Outcome.Failed(new JobError(e.getClass().getName(), message), false, 0);
        }
    }

    private static <T> T payload(JobHandler<T> handler, ReleasedJob job) throws IOException {
        ObjectReader reader = Json.mapper()
                .readerFor(handler.payload())
                .with(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
        T payload = reader.readValue(job.payload());
        if (payload == null) {
            throw new IOException(
                    "the payload is null, expected " + handler.payload().getSimpleName());
        }
        return payload;
    }

    private static Outcome succeeded(@Nullable Object result) {
        if (result == null) {
            return new Outcome.Succeeded(null);
        }
        byte[] json;
        try {
            json = Json.write(result);
        } catch (IllegalArgumentException e) {
            return new Outcome.Failed(new JobError(INVALID_RESULT, String.valueOf(e.getMessage())), true, 0);
        }
        return json.length > JobSpec.MAX_RESULT_BYTES
                ? new Outcome.Failed(
                        new JobError(
                                INVALID_RESULT,
                                json.length + " bytes of JSON, expected at most " + JobSpec.MAX_RESULT_BYTES),
                        true,
                        0)
                : new Outcome.Succeeded(new String(json, StandardCharsets.UTF_8));
    }
}
