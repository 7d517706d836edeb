package io.tailrace.contracts.channel;

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
import org.jspecify.annotations.Nullable;

/**
 * The declared namespaces, read from one properties file that all services share. Immutable.
 *
 * <p>A namespace {@code x} is declared by {@code x.number}, {@code x.partitions}, {@code x.retention} (ISO 8601
 * duration), {@code x.subscribe} and {@code x.publish} ({@code public}, {@code authenticated}, {@code owner},
 * {@code grant}, {@code none}), {@code x.start} ({@code live}, {@code earliest}, {@code last:N}) and, if wanted,
 * {@code x.latest_only}, and {@code x.nested_subscribe} and {@code x.nested_publish} for channels that have more parts than
 * {@code x}, where the first two then are for the channel {@code x} alone.
 */
public final class Namespaces {
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
     * @throws IllegalArgumentException naming the file and every fault that it has, one a line
     */
    public static Namespaces load(Path file) {
        try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException("namespace file " + file, e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("namespace file " + file + ":\n" + e.getMessage(), e);
        }
    }

    /**
     * Reads declarations.
     *
     * @throws IllegalArgumentException naming every fault, one a line
     */
    public static Namespaces read(Reader in) throws IOException {
        List<String> faults = new ArrayList<>();
        Map<String, Map<String, String>> declared = declarations(in, faults);
        Map<String, Namespace> byName = new TreeMap<>();
        Map<String, String> numbers = new HashMap<>();
        declared.forEach((name, values) -> {
            String number = values.get("number");
            String other = number == null ? null : numbers.putIfAbsent(number, name);
            if (other != null) {
                faults.add(name + ".number: " + number + " is taken by " + other);
            }
            Namespace namespace = new NamespaceDeclaration(name, values, faults).read();
            if (namespace != null) {
                byName.put(name, namespace);
            }
        });
        if (declared.isEmpty() && faults.isEmpty()) {
            faults.add("no namespace is declared");
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", faults));
        }
        return new Namespaces(byName);
    }

    private static Map<String, Map<String, String>> declarations(Reader in, List<String> faults) throws IOException {
        DistinctProperties properties = new DistinctProperties();
        properties.load(in);
        properties.repeated.forEach(key -> faults.add(key + ": declared twice"));
        Map<String, Map<String, String>> declared = new TreeMap<>();
        for (String key : new TreeSet<>(properties.stringPropertyNames())) {
            int dot = key.lastIndexOf('.');
            if (dot < 1 || !NamespaceDeclaration.KEYS.contains(key.substring(dot + 1))) {
                faults.add(key + ": unknown, expected <namespace>.<one of "
                        + String.join(", ", new TreeSet<>(NamespaceDeclaration.KEYS)) + ">");
            } else {
                declared.computeIfAbsent(key.substring(0, dot), n -> new HashMap<>())
                        .put(key.substring(dot + 1), properties.getProperty(key).strip());
            }
        }
        return declared;
    }

    /** Of two lines with one key, Properties silently takes the last. */
    private static final class DistinctProperties extends Properties {
        private static final long serialVersionUID = 1L;

        private final transient Set<String> repeated = new TreeSet<>();

        @Override
        public synchronized @Nullable Object put(Object key, Object value) {
            Object before = super.put(key, value);
            if (before != null) {
                repeated.add(String.valueOf(key));
            }
            return before;
        }
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
}
