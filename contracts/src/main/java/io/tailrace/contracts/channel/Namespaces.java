package io.tailrace.contracts.channel;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The declared namespaces, read from one properties file that all services share. Immutable.
 *
 * <p>A namespace {@code x} is declared by {@code x.number}, {@code x.partitions}, {@code x.retention} (ISO 8601
 * duration), {@code x.subscribe} and {@code x.publish} ({@code public}, {@code authenticated}, {@code owner},
 * {@code grant}, {@code none}), {@code x.start} ({@code live}, {@code earliest}, {@code last:N}) and, if wanted,
 * {@code x.latest_only}.
 */
public final class Namespaces {
    private static final Set<String> KEYS =
            Set.of("number", "partitions", "retention", "subscribe", "publish", "start", "latest_only");

    private final Map<String, Namespace> byName;
    private final Map<Integer, Namespace> byNumber;

    private Namespaces(Map<String, Namespace> byName) {
        this.byName = byName;
        this.byNumber = new HashMap<>();
        byName.values().forEach(namespace -> byNumber.put(namespace.number(), namespace));
    }

    /** The namespaces that ship with Tailrace. */
    public static Namespaces builtIn() {
        try (InputStream in = Namespaces.class.getResourceAsStream("namespaces.properties")) {
            if (in == null) {
                throw new IllegalStateException("namespaces.properties is missing from the contracts jar");
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
     * @throws IllegalArgumentException naming every fault that it has, one a line
     */
    public static Namespaces load(Path file) {
        try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException("namespace file " + file, e);
        }
    }

    /**
     * Reads declarations.
     *
     * @throws IllegalArgumentException naming every fault, one a line
     */
    public static Namespaces read(Reader in) throws IOException {
        Properties properties = new Properties();
        properties.load(in);
        List<String> faults = new ArrayList<>();
        Map<String, Map<String, String>> declared = new TreeMap<>();
        for (String key : new TreeSet<>(properties.stringPropertyNames())) {
            int dot = key.lastIndexOf('.');
            if (dot < 1 || !KEYS.contains(key.substring(dot + 1))) {
                faults.add(key + ": unknown, expected <namespace>.<one of " + new TreeSet<>(KEYS) + ">");
            } else {
                declared.computeIfAbsent(key.substring(0, dot), n -> new HashMap<>())
                        .put(key.substring(dot + 1), properties.getProperty(key).strip());
            }
        }
        Map<String, Namespace> byName = new TreeMap<>();
        Map<Integer, String> numbers = new HashMap<>();
        declared.forEach((name, values) -> {
            try {
                Namespace namespace = namespace(name, values);
                byName.put(name, namespace);
                String other = numbers.putIfAbsent(namespace.number(), name);
                if (other != null) {
                    faults.add(name + ".number: " + namespace.number() + " is taken by " + other);
                }
            } catch (IllegalArgumentException | DateTimeParseException e) {
                faults.add(name + ": " + e.getMessage());
            }
        });
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", faults));
        }
        return new Namespaces(byName);
    }

    /** The namespace of a channel, if it is declared. */
    public Optional<Namespace> of(Channel channel) {
        return Optional.ofNullable(byName.get(channel.namespace()));
    }

    /** The namespace that {@code number} stands for in a cursor. */
    public Optional<Namespace> byNumber(int number) {
        return Optional.ofNullable(byNumber.get(number));
    }

    /** All of them, by name. */
    public Collection<Namespace> all() {
        return List.copyOf(byName.values());
    }

    private static Namespace namespace(String name, Map<String, String> values) {
        return new Namespace(
                name,
                number(values, "number"),
                number(values, "partitions"),
                Duration.parse(required(values, "retention")),
                audience(values, "subscribe"),
                audience(values, "publish"),
                StartPosition.parse(required(values, "start")),
                Boolean.parseBoolean(values.getOrDefault("latest_only", "false")));
    }

    private static String required(Map<String, String> values, String key) {
        String value = values.get(key);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException(key + " is missing");
        }
        return value;
    }

    private static int number(Map<String, String> values, String key) {
        String value = required(values, key);
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + ": \"" + value + "\", expected a whole number", e);
        }
    }

    private static Namespace.Audience audience(Map<String, String> values, String key) {
        String value = required(values, key);
        try {
            return Namespace.Audience.valueOf(value.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    key + ": \"" + value + "\", expected public, authenticated, owner, grant or none", e);
        }
    }
}
