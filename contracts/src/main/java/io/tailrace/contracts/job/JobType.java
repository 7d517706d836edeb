package io.tailrace.contracts.job;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A type of jobs as it is declared: what a job of it is if its sender does not say otherwise, and what its payload has to be.
 *
 * @param name {@code [a-z][a-z0-9_.-]{0,63}}
 * @param queue where its jobs go
 * @param maxAttempts how many attempts there are, 1 to {@value JobSpec#MAX_ATTEMPTS}
 * @param timeoutSeconds how long one attempt may take, 1 to {@value JobSpec#MAX_TIMEOUT_SECONDS}
 * @param retry when a job is tried again
 * @param fields what the fields of the payload have to be; if there are any, the payload is an object without others, else it is any
 *     JSON
 * @param oneOf fields of which exactly one has to be there; may be empty
 * @param workers the group of workers that runs its jobs, {@code [a-z][a-z0-9_-]{0,31}}; all processes of a group run the same types
 * @param queueOnly whether its jobs may be in no other queue than {@code queue}
 * @param keyField the field of the payload that is the key of its jobs; null if their senders name a key or none
 */
public record JobType(
        String name,
        String queue,
        int maxAttempts,
        int timeoutSeconds,
        RetryPolicy retry,
        Map<String, PayloadRule> fields,
        List<String> oneOf,
        String workers,
        boolean queueOnly,
        @Nullable String keyField) {
    /** The group of the processes of the service {@code workers}, for the types that ship with Tailrace. */
    public static final String PLATFORM = "platform";

    /** The group of workers that take jobs over HTTP, for the types of an installation that say nothing else. */
    public static final String REMOTE = "remote";

    /** Checks the ranges. */
    public JobType {
        JobLimits.type(name);
        JobLimits.queue(queue);
        JobLimits.workers(workers);
        JobLimits.range("max_attempts", maxAttempts, 1, JobSpec.MAX_ATTEMPTS);
        JobLimits.range("timeout_seconds", timeoutSeconds, 1, JobSpec.MAX_TIMEOUT_SECONDS);
        fields = Map.copyOf(fields);
        oneOf = List.copyOf(oneOf);
        for (String field : oneOf) {
            PayloadRule rule = fields.get(field);
            if (rule == null || !rule.isOptional()) {
                throw new IllegalArgumentException(
                        "payload_one_of: \"" + field + "\", expected optional fields of the payload");
            }
        }
        if (keyField != null && !fields.containsKey(keyField)) {
            throw new IllegalArgumentException("key: \"" + keyField + "\", expected a field of the payload");
        }
    }

    /**
     * Whose work a job is, as {@link #keyField} says: the text or whole number that stands there, an id in small letters. Null if there is
     * none, or if it is longer than a key may be.
     *
     * @param payload plain JSON: a map, a list, a text, a number, a boolean or null
     */
    public @Nullable String key(@Nullable Object payload) {
        Object value = keyField != null && payload instanceof Map<?, ?> object ? object.get(keyField) : null;
        String key = value instanceof String || value instanceof Integer || value instanceof Long
                ? String.valueOf(value)
                : "";
        PayloadRule rule = keyField == null ? null : fields.get(keyField);
        if (rule != null && rule.kinds().contains(PayloadRule.Kind.Plain.ID)) {
            key = key.toLowerCase(Locale.ROOT);
        }
        int bytes = key.getBytes(StandardCharsets.UTF_8).length;
        return bytes >= 1 && bytes <= JobSpec.MAX_KEY ? key : null;
    }

    /** What a job of it is if nobody asks for anything else: to run now, once, for no key. */
    public JobSpec job() {
        return new JobSpec(name, JobSpec.DEFAULT_PRIORITY, null, 0, null, 0, maxAttempts, timeoutSeconds, null, retry);
    }

    /** Whether jobs of it may be in a queue. */
    public boolean mayBeIn(String otherQueue) {
        return !queueOnly || queue.equals(otherQueue);
    }

    /** Whether it is a name that a type may have. */
    public static boolean isName(String name) {
        return JobLimits.isType(name);
    }

    /**
     * What is wrong with a payload.
     *
     * @param payload plain JSON: a map, a list, a text, a number, a boolean or null
     * @return what is wrong by the name of the field, the empty name for the payload itself; in the order of the names
     */
    public Map<String, String> faults(@Nullable Object payload) {
        if (fields.isEmpty()) {
            return Map.of();
        }
        if (!(payload instanceof Map<?, ?> object)) {
            return Map.of("", "expected an object with " + String.join(", ", new TreeMap<>(fields).keySet()));
        }
        Map<String, String> faults = new LinkedHashMap<>();
        new TreeMap<>(fields).forEach((name, rule) -> {
            String fault = rule.fault(object.get(name));
            if (fault != null) {
                faults.put(name, fault);
            }
        });
        for (Object name : object.keySet()) {
            if (!fields.containsKey(String.valueOf(name))) {
                faults.put(
                        String.valueOf(name),
                        "unknown field, expected " + String.join(", ", new TreeMap<>(fields).keySet()));
            }
        }
        long there = oneOf.stream().filter(name -> object.get(name) != null).count();
        if (!oneOf.isEmpty() && there != 1) {
            faults.put(oneOf.getFirst(), "expected exactly one of " + String.join(", ", oneOf));
        }
        return faults;
    }
}
