package io.tailrace.standalone.service;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How a service reaches what is up: the variables that all services share. What is left out of this {@code up} is taken
 * from the environment of the command itself, so that a part may run elsewhere. Immutable.
 *
 * @param variables {@code TAILRACE_*} by name, in the order in which they are written
 */
public record Environment(Map<String, String> variables) {
    /** Where the services listen. */
    public static final String HTTP_PORT = "TAILRACE_HTTP_PORT";

    /** Kafka. */
    public static final String KAFKA = "TAILRACE_KAFKA_BOOTSTRAP";

    /** PostgreSQL. */
    public static final String POSTGRES_URL = "TAILRACE_POSTGRES_URL";

    /** PostgreSQL's role. */
    public static final String POSTGRES_USER = "TAILRACE_POSTGRES_USER";

    /** Its password. */
    public static final String POSTGRES_PASSWORD = "TAILRACE_POSTGRES_PASSWORD";

    /** Redis. */
    public static final String REDIS = "TAILRACE_REDIS_URL";

    /** Elasticsearch. */
    public static final String ELASTICSEARCH = "TAILRACE_ELASTICSEARCH_URL";

    /** The public keys. */
    public static final String JWKS_FILE = "TAILRACE_JWKS_FILE";

    /** The private key. */
    public static final String SIGNING_KEY_FILE = "TAILRACE_SIGNING_KEY_FILE";

    /** Where files are kept. */
    public static final String FILES_FOLDER = "TAILRACE_FILES_FOLDER";

    /** Where the classes of the extractor are. */
    public static final String EXTRACT_CLASS_PATH = "TAILRACE_EXTRACT_CLASS_PATH";

    /** The declared providers of models. */
    public static final String PROVIDERS_FILE = "TAILRACE_ANSWERS_PROVIDERS_FILE";

    /** The declared namespaces. */
    public static final String NAMESPACES_FILE = "TAILRACE_NAMESPACES_FILE";

    /** The declared job queues. */
    public static final String QUEUES_FILE = "TAILRACE_QUEUES_FILE";

    /** The types of jobs of an installation's own workers. */
    public static final String JOB_TYPES_FILE = "TAILRACE_JOB_TYPES_FILE";

    private static final String PREFIX = "TAILRACE_";

    /** Those whose last words are one name. */
    private static final Map<String, String> IRREGULAR = Map.of(
            PROVIDERS_FILE, "tailrace.answers.providers-file",
            SIGNING_KEY_FILE, "tailrace.signing-key-file",
            NAMESPACES_FILE, "tailrace.namespaces-file",
            QUEUES_FILE, "tailrace.queues-file",
            JOB_TYPES_FILE, "tailrace.job-types-file",
            EXTRACT_CLASS_PATH, "tailrace.extract.class-path");

    private static final Set<String> SHARED = Set.of(
            KAFKA,
            POSTGRES_URL,
            POSTGRES_USER,
            POSTGRES_PASSWORD,
            REDIS,
            ELASTICSEARCH,
            JWKS_FILE,
            SIGNING_KEY_FILE,
            FILES_FOLDER,
            EXTRACT_CLASS_PATH,
            PROVIDERS_FILE,
            NAMESPACES_FILE,
            QUEUES_FILE,
            JOB_TYPES_FILE);

    /** Keeps the order. */
    public Environment {
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    }

    /**
     * The variables of an {@code up}.
     *
     * @param inherited the environment of the command
     * @param own what this {@code up} decides; wins
     */
    public static Environment of(Map<String, String> inherited, Map<String, String> own) {
        Map<String, String> variables = new LinkedHashMap<>(own);
        new TreeMap<>(inherited).forEach((name, value) -> {
            if (SHARED.contains(name) && !value.isBlank()) {
                variables.putIfAbsent(name, value);
            }
        });
        return new Environment(variables);
    }

    /** Whether a variable is there. */
    public boolean has(String name) {
        return variables.containsKey(name);
    }

    /** A variable that must be there. */
    public String get(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalStateException(name + " is not set, and nothing is up that would say it");
        }
        return value;
    }

    /** Where the services listen. */
    public int httpPort() {
        return Integer.parseInt(get(HTTP_PORT));
    }

    /** The same as properties of the configuration: {@code TAILRACE_REDIS_URL} is {@code tailrace.redis.url}. */
    public Map<String, Object> properties() {
        Map<String, Object> properties = new TreeMap<>();
        variables.forEach((name, value) -> {
            if (name.startsWith(PREFIX)) {
                String regular = name.toLowerCase(Locale.ROOT).replace('_', '.');
                properties.put(IRREGULAR.getOrDefault(name, regular), value);
            }
        });
        return properties;
    }
}
