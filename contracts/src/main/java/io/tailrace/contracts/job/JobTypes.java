package io.tailrace.contracts.job;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The declared types of jobs: those that ship with Tailrace, and those of an installation, whose workers are remote. A job of another
 * type is refused. Immutable.
 *
 * <p>A declaration is a Java properties file with the keys {@code <type>.queue}, which is needed, {@code .max_attempts}, {@code
 * .timeout_seconds}, {@code .first_delay_ms}, {@code .longest_delay_ms}, {@code .give_up_on} (types of errors with commas between
 * them), {@code .payload.<field>} with a {@link PayloadRule}, {@code .payload_one_of} (fields with commas between them), {@code .workers} (the
 * group of workers that runs its jobs), {@code .queue_only} (whether its jobs may be in no other queue) and {@code .key} (a field).
 */
public final class JobTypes {
    private static final String QUEUE = "queue";
    private static final String MAX_ATTEMPTS = "max_attempts";
    private static final String TIMEOUT_SECONDS = "timeout_seconds";
    private static final String FIRST_DELAY_MS = "first_delay_ms";
    private static final String LONGEST_DELAY_MS = "longest_delay_ms";
    private static final String GIVE_UP_ON = "give_up_on";
    private static final String ONE_OF = "payload_one_of";
    private static final String WORKERS = "workers";
    private static final String QUEUE_ONLY = "queue_only";
    private static final String KEY_FIELD = "key";
    private static final String FIELD = "payload.";

    /** A type may have dots, so what follows it is looked for from the end. */
    private static final Pattern KEY = Pattern.compile("(?<type>.+?)\\.(?<rest>payload\\.[a-z][a-z0-9_]{0,63}|" + QUEUE
            + "|" + MAX_ATTEMPTS + "|" + TIMEOUT_SECONDS + "|" + FIRST_DELAY_MS + "|" + LONGEST_DELAY_MS + "|"
            + GIVE_UP_ON + "|" + ONE_OF + "|" + WORKERS + "|" + QUEUE_ONLY + "|" + KEY_FIELD + ")");

    private static final int DEFAULT_ATTEMPTS = 5;
    private static final int DEFAULT_TIMEOUT_SECONDS = 300;

    private final Map<String, JobType> byName;

    private JobTypes(Map<String, JobType> byName) {
        this.byName = byName;
    }

    /** The types that ship with Tailrace. */
    public static JobTypes builtIn() {
        try (InputStream in = JobTypes.class.getResourceAsStream("types.properties")) {
            if (in == null) {
                throw new IllegalStateException("types.properties is missing from the contracts jar");
            }
            return read(new InputStreamReader(in, StandardCharsets.UTF_8), JobType.PLATFORM);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The types that ship with Tailrace and those of a file.
     *
     * @throws UncheckedIOException if it cannot be read
     * @throws IllegalArgumentException naming the file and every fault that it has, one a line
     */
    public static JobTypes builtInAnd(Path file) {
        try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return builtIn().and(read(in));
        } catch (IOException e) {
            throw new UncheckedIOException("file of job types " + file, e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("file of job types " + file + ":\n" + e.getMessage(), e);
        }
    }

    /**
     * Reads declarations of an installation.
     *
     * @throws IllegalArgumentException naming every fault, one a line
     */
    public static JobTypes read(Reader in) throws IOException {
        return read(in, JobType.REMOTE);
    }

    private static JobTypes read(Reader in, String workers) throws IOException {
        Properties properties = new Properties();
        properties.load(in);
        List<String> faults = new ArrayList<>();
        Map<String, Map<String, String>> declared = new TreeMap<>();
        for (String key : new TreeSet<>(properties.stringPropertyNames())) {
            Matcher matcher = KEY.matcher(key);
            if (matcher.matches()) {
                declared.computeIfAbsent(matcher.group("type"), _ -> new HashMap<>())
                        .put(matcher.group("rest"), properties.getProperty(key).strip());
            } else {
                faults.add(key + ": unknown");
            }
        }
        Map<String, JobType> types = new TreeMap<>();
        declared.forEach((name, values) -> {
            try {
                types.put(name, type(name, values, workers));
            } catch (IllegalArgumentException e) {
                faults.add(name + ": " + e.getMessage());
            }
        });
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", faults));
        }
        return new JobTypes(types);
    }

    private static JobType type(String name, Map<String, String> values, String workers) {
        String queue = values.get(QUEUE);
        if (queue == null) {
            throw new IllegalArgumentException("queue is missing");
        }
        RetryPolicy retry = new RetryPolicy(
                number(values, FIRST_DELAY_MS, RetryPolicy.DEFAULT.firstDelayMs()),
                number(values, LONGEST_DELAY_MS, RetryPolicy.DEFAULT.longestDelayMs()),
                list(values.getOrDefault(GIVE_UP_ON, "")));
        Map<String, PayloadRule> fields = new TreeMap<>();
        values.forEach((key, text) -> {
            if (key.startsWith(FIELD)) {
                try {
                    fields.put(key.substring(FIELD.length()), PayloadRule.parse(text));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
                }
            }
        });
        return new JobType(
                name,
                queue,
                number(values, MAX_ATTEMPTS, DEFAULT_ATTEMPTS),
                number(values, TIMEOUT_SECONDS, DEFAULT_TIMEOUT_SECONDS),
                retry,
                fields,
                list(values.getOrDefault(ONE_OF, "")),
                values.getOrDefault(WORKERS, workers),
                flag(values, QUEUE_ONLY),
                values.get(KEY_FIELD));
    }

    private static List<String> list(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split("\\s*,\\s*"));
    }

    private static boolean flag(Map<String, String> values, String key) {
        String text = values.getOrDefault(key, "false");
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException(key + ": \"" + text + "\", expected true or false");
        }
        return text.equals("true");
    }

    private static int number(Map<String, String> values, String key, long otherwise) {
        String text = values.get(key);
        try {
            return text == null ? Math.toIntExact(otherwise) : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + ": \"" + text + "\", expected a number", e);
        }
    }

    /** These types and others. */
    JobTypes and(JobTypes others) {
        Map<String, JobType> all = new TreeMap<>(byName);
        List<String> faults = new ArrayList<>();
        others.byName.forEach((name, type) -> {
            if (all.putIfAbsent(name, type) != null) {
                faults.add(name + ": ships with Tailrace and cannot be declared again");
            }
        });
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", faults));
        }
        return new JobTypes(all);
    }

    /**
     * Checks that the queue of each type is declared.
     *
     * @throws IllegalArgumentException naming every type whose queue is not, one a line
     */
    public JobTypes in(JobQueues queues) {
        List<String> faults = byName.values().stream()
                .filter(type -> queues.of(type.queue()).isEmpty())
                .map(type ->
                        "the job type " + type.name() + " is for the queue " + type.queue() + ", which is not declared")
                .toList();
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", faults));
        }
        return this;
    }

    /**
     * The queues in which jobs of a group of workers may be: all of them, unless each of its types has one alone.
     *
     * @param workers the group
     * @param queues those that are declared
     */
    public List<JobQueue> queuesOf(String workers, JobQueues queues) {
        List<JobType> types = byName.values().stream()
                .filter(type -> type.workers().equals(workers))
                .toList();
        return queues.all().stream()
                .filter(queue -> types.isEmpty() || types.stream().anyMatch(type -> type.mayBeIn(queue.name())))
                .toList();
    }

    /** The type of that name, if it is declared. */
    public Optional<JobType> of(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** All of them, by name. */
    public List<JobType> all() {
        return List.copyOf(byName.values());
    }
}
