package io.tailrace.contracts.job;

import io.tailrace.contracts.topic.TopicSpec;
import io.tailrace.contracts.topic.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The declared queues. A queue that is not declared does not exist. Immutable.
 *
 * <p>A declaration is a Java properties file with the keys {@code <queue>.partitions}, {@code .credit}, {@code .capacity},
 * {@code .concurrency}, {@code .rate_per_second}, {@code .key_concurrency} and {@code .key_rate_per_second}; the first is needed.
 */
public final class JobQueues {
    private static final String PARTITIONS = "partitions";
    private static final Set<String> KEYS = Set.of(
            PARTITIONS,
            "credit",
            "capacity",
            "concurrency",
            "rate_per_second",
            "key_concurrency",
            "key_rate_per_second");

    private static final int DEFAULT_CREDIT = 500;
    private static final int DEFAULT_CAPACITY = 5_000_000;

    private final Map<String, JobQueue> byName;

    private JobQueues(Map<String, JobQueue> byName) {
        this.byName = byName;
    }

    /** Queues of a program's own. */
    public static JobQueues of(Collection<JobQueue> queues) {
        Map<String, JobQueue> byName = new TreeMap<>();
        queues.forEach(queue -> byName.put(queue.name(), queue));
        return new JobQueues(byName);
    }

    /** The queues that ship with Tailrace. */
    public static JobQueues builtIn() {
        try (InputStream in = JobQueues.class.getResourceAsStream("queues.properties")) {
            if (in == null) {
                throw new IllegalStateException("queues.properties is missing from the contracts jar");
            }
            return read(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a file.
     *
     * @throws UncheckedIOException if it cannot be read
     * @throws IllegalArgumentException naming the file and every fault that it has, one a line
     */
    public static JobQueues load(Path file) {
        try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException("queue file " + file, e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("queue file " + file + ":\n" + e.getMessage(), e);
        }
    }

    /**
     * Reads declarations.
     *
     * @throws IllegalArgumentException naming every fault, one a line
     */
    public static JobQueues read(Reader in) throws IOException {
        Properties properties = new Properties();
        properties.load(in);
        List<String> faults = new ArrayList<>();
        Map<String, Map<String, String>> declared = new TreeMap<>();
        for (String key : new TreeSet<>(properties.stringPropertyNames())) {
            int dot = key.lastIndexOf('.');
            if (dot < 1 || !KEYS.contains(key.substring(dot + 1))) {
                faults.add(key + ": unknown, expected <queue>.<one of " + String.join(", ", new TreeSet<>(KEYS)) + ">");
            } else {
                declared.computeIfAbsent(key.substring(0, dot), _ -> new HashMap<>())
                        .put(key.substring(dot + 1), properties.getProperty(key).strip());
            }
        }
        List<JobQueue> queues = new ArrayList<>();
        declared.forEach((name, values) -> {
            try {
                queues.add(queue(name, values));
            } catch (IllegalArgumentException e) {
                faults.add(name + ": " + e.getMessage());
            }
        });
        if (declared.isEmpty() && faults.isEmpty()) {
            faults.add("no queue is declared");
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", faults));
        }
        return of(queues);
    }

    private static JobQueue queue(String name, Map<String, String> values) {
        if (!values.containsKey(PARTITIONS)) {
            throw new IllegalArgumentException("partitions is missing");
        }
        QueueLimits limits = new QueueLimits(
                number(values, "concurrency", Integer::valueOf, 0),
                number(values, "rate_per_second", Double::valueOf, 0.0),
                number(values, "key_concurrency", Integer::valueOf, 0),
                number(values, "key_rate_per_second", Double::valueOf, 0.0));
        return new JobQueue(
                name,
                number(values, PARTITIONS, Integer::valueOf, 0),
                number(values, "credit", Integer::valueOf, DEFAULT_CREDIT),
                number(values, "capacity", Integer::valueOf, DEFAULT_CAPACITY),
                limits);
    }

    private static <T> T number(Map<String, String> values, String key, Function<String, T> reader, T otherwise) {
        String text = values.get(key);
        try {
            return text == null ? otherwise : reader.apply(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + ": \"" + text + "\", expected a number", e);
        }
    }

    /** The queue of that name, if it is declared. */
    public Optional<JobQueue> of(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** All of them, by name. */
    public List<JobQueue> all() {
        return List.copyOf(byName.values());
    }

    /** The topics of their released jobs. */
    public List<TopicSpec> topics() {
        return byName.values().stream()
                .map(queue -> new TopicSpec(queue.topic(), queue.partitions(), false, Topics.JOB_RETENTION))
                .toList();
    }
}
