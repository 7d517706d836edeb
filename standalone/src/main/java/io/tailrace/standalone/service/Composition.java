package io.tailrace.standalone.service;

import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.kafka.TopicProvisioner;
import io.tailrace.migrations.Schema;
import io.tailrace.standalone.backend.ElasticsearchServer;
import io.tailrace.standalone.backend.Installation;
import io.tailrace.standalone.backend.KafkaBroker;
import io.tailrace.standalone.backend.KafkaCoordinators;
import io.tailrace.standalone.backend.LocalModel;
import io.tailrace.standalone.backend.LocalModelServer;
import io.tailrace.standalone.backend.PostgresServer;
import io.tailrace.standalone.backend.RedisServer;
import io.tailrace.standalone.data.DataFolder;
import io.tailrace.standalone.demo.DemoShow;
import io.tailrace.standalone.process.ChildUnit;
import io.tailrace.standalone.process.LogFile;
import io.tailrace.standalone.process.Server;
import io.tailrace.standalone.process.StepUnit;
import io.tailrace.standalone.process.Unit;
import io.tailrace.standalone.supervision.CoordinatorWatch;
import io.tailrace.standalone.supervision.Part;
import io.tailrace.standalone.supervision.Selection;
import io.tailrace.standalone.telemetry.TelemetrySource;
import io.tailrace.standalone.token.SigningKey;
import io.tailrace.standalone.token.TokenIssuer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What {@code up} consists of: the selected parts, how each is run, and the environment of all of them. Makes nothing and
 * starts nothing by itself.
 */
public final class Composition {
    /** The names under which ports are kept. */
    public static final List<String> PORT_NAMES = List.of(
            "postgres",
            "redis",
            "kafka",
            "kafka-controller",
            "elasticsearch",
            "elasticsearch-transport",
            Dispatcher.NAME,
            Selection.LOCAL_MODEL);

    /** The largest log of one part, bytes; there are at most two of each. */
    public static final long LOG_BYTES = 10L << 20;

    private static final String SERVICES = "services";
    private static final String MIGRATIONS = "migrations";
    private static final String TOPICS = "topics";
    private static final String TELEMETRY = "telemetry";
    private static final String DEMO_SHOW = "demo-show";
    private static final long START_LIMIT_MS = 180_000;
    /** A JVM that ends writes its class-data archive, which takes seconds. */
    private static final long STOP_LIMIT_MS = 30_000;
    /** The edge drains its connections meanwhile. */
    private static final long SERVICES_STOP_LIMIT_MS = 45_000;

    /** A round of questions costs the broker a few milliseconds of CPU. */
    private static final Duration COORDINATOR_PAUSE = Duration.ofSeconds(5);

    private static final int COORDINATOR_LIMIT_MS = 5_000;

    private final DataFolder folder;
    private final Selection selection;
    private final Environment environment;
    private final List<Part> parts = new ArrayList<>();
    private final Map<String, Unit> units = new HashMap<>();
    private final LocalModelServer localModel;
    private final @Nullable String ownProviders;
    private @Nullable HostedServices hosted;

    /**
     * Composes.
     *
     * @param ports the port of each of {@link #PORT_NAMES}
     * @param httpPort of the services
     * @param postgresPassword of the database's role
     * @param inherited the environment of the command
     */
    public Composition(
            Installation installation,
            DataFolder folder,
            Selection selection,
            Map<String, Integer> ports,
            int httpPort,
            SigningKey key,
            String postgresPassword,
            Map<String, String> inherited) {
        this.folder = folder;
        this.selection = selection;
        PostgresServer postgres = new PostgresServer(installation, folder, port(ports, "postgres"), postgresPassword);
        RedisServer redis = new RedisServer(installation, folder, port(ports, "redis"));
        KafkaBroker kafka =
                new KafkaBroker(installation, folder, port(ports, "kafka"), port(ports, "kafka-controller"));
        ElasticsearchServer elasticsearch = new ElasticsearchServer(
                installation, folder, port(ports, "elasticsearch"), port(ports, "elasticsearch-transport"));
        this.localModel = new LocalModelServer(new LocalModel(folder), port(ports, Selection.LOCAL_MODEL));
        this.ownProviders = inherited.get(Environment.PROVIDERS_FILE);
        this.environment = Environment.of(
                inherited, variables(installation, postgres, redis, kafka, elasticsearch, httpPort, key));

        WatchedBroker broker =
                watched(kafka, new ChildUnit(kafka, log(kafka.name())), CoordinatorSettings.of(inherited));
        List.of(postgres, redis).forEach(server -> child(server, Set.of()));
        child(kafka, Set.of(), broker);
        child(elasticsearch, Set.of());
        child(localModel, Set.of());
        if (environment.has(Environment.POSTGRES_URL)) {
            step(MIGRATIONS, "postgres", this::migrate);
        }
        if (environment.has(Environment.KAFKA)) {
            step(TOPICS, "kafka", this::provision);
        }
        child(new Dispatcher(installation, folder, port(ports, Dispatcher.NAME), environment), Set.of(TOPICS));
        services(broker);
        clients(URI.create("http://127.0.0.1:" + httpPort), new TokenIssuer(key, InstantSource.system()));
    }

    /** The parts, each after those that it needs. */
    public List<Part> parts() {
        return List.copyOf(parts);
    }

    /** How each part is run. */
    public Map<String, Unit> units() {
        return Map.copyOf(units);
    }

    /** How to reach all of it. */
    public Environment environment() {
        return environment;
    }

    /** Writes the file that names the model of this machine, if it runs; it is read when the services start. */
    public void declareProviders() throws IOException {
        if (selection.has(localModel.name())) {
            localModel.declare(folder, ownProviders);
        }
    }

    /** Where gRPC is served; empty if it is not, or not yet. */
    public OptionalInt grpcPort() {
        HostedServices services = hosted;
        return services == null ? OptionalInt.empty() : services.grpcPort();
    }

    private Map<String, String> variables(
            Installation installation,
            PostgresServer postgres,
            RedisServer redis,
            KafkaBroker kafka,
            ElasticsearchServer elasticsearch,
            int httpPort,
            SigningKey key) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put(Environment.HTTP_PORT, String.valueOf(httpPort));
        if (selection.has(kafka.name())) {
            variables.put(Environment.KAFKA, kafka.bootstrap());
        }
        if (selection.has(postgres.name())) {
            variables.put(Environment.POSTGRES_URL, postgres.jdbcUrl());
            variables.put(Environment.POSTGRES_USER, PostgresServer.USER);
            variables.put(Environment.POSTGRES_PASSWORD, postgres.password());
        }
        if (selection.has(redis.name())) {
            variables.put(Environment.REDIS, "redis://127.0.0.1:" + redis.port());
        }
        if (selection.has(elasticsearch.name())) {
            variables.put(Environment.ELASTICSEARCH, elasticsearch.url());
        }
        variables.put(Environment.JWKS_FILE, key.publicFile().toString());
        variables.put(Environment.SIGNING_KEY_FILE, key.privateFile().toString());
        variables.put(Environment.FILES_FOLDER, folder.of("files").toString());
        if (selection.has(localModel.name())) {
            variables.put(
                    Environment.PROVIDERS_FILE,
                    LocalModelServer.providersFile(folder).toString());
        }
        installation.builtClassPath("extractor").ifPresent(path -> variables.put(Environment.EXTRACT_CLASS_PATH, path));
        return variables;
    }

    private void child(Server server, Set<String> needs) {
        child(server, needs, new ChildUnit(server, log(server.name())));
    }

    private void child(Server server, Set<String> needs, Unit unit) {
        if (selection.has(server.name())) {
            parts.add(new Part(server.name(), needs, Set.of(), START_LIMIT_MS, STOP_LIMIT_MS));
            units.put(server.name(), unit);
        }
    }

    /** Its end takes the usual time; a broker that somebody else runs is theirs to watch over. */
    private static WatchedBroker watched(KafkaBroker kafka, Unit unit, CoordinatorSettings settings) {
        return new WatchedBroker(
                unit,
                new KafkaCoordinators(kafka.port(), COORDINATOR_LIMIT_MS)::ask,
                new CoordinatorWatch(settings.limits()),
                COORDINATOR_PAUSE,
                Duration.ofMillis(STOP_LIMIT_MS));
    }

    private void step(String name, String need, StepUnit.Work work) {
        parts.add(new Part(name, Set.of(need), Set.of(), START_LIMIT_MS, STOP_LIMIT_MS));
        units.put(name, new StepUnit(name, work));
    }

    private void services(WatchedBroker broker) {
        if (!selection.services().isEmpty()) {
            parts.add(new Part(
                    SERVICES,
                    Set.of(MIGRATIONS, TOPICS, "redis"),
                    Set.of("elasticsearch", "kafka", "postgres"),
                    START_LIMIT_MS,
                    SERVICES_STOP_LIMIT_MS));
            hosted = new HostedServices(selection, environment, log("standalone"), broker);
            units.put(SERVICES, hosted);
        }
    }

    private void clients(URI origin, TokenIssuer issuer) {
        Supplier<String> sensor = new ServiceToken(issuer, TELEMETRY, "service");
        client(TELEMETRY, () -> TelemetrySource.start(origin, sensor)::close);
        Supplier<String> organizer = new ServiceToken(issuer, DEMO_SHOW, "organizer");
        client(DEMO_SHOW, () -> DemoShow.start(origin, organizer)::close);
    }

    private void client(String name, Supplier<Runnable> client) {
        if (selection.has(name)) {
            parts.add(new Part(name, Set.of(SERVICES), Set.of(), START_LIMIT_MS, STOP_LIMIT_MS));
            units.put(name, new ClientUnit(name, client, log("standalone")));
        }
    }

    private void migrate() {
        var unused = Schema.migrate(
                environment.get(Environment.POSTGRES_URL),
                environment.get(Environment.POSTGRES_USER),
                environment.get(Environment.POSTGRES_PASSWORD));
    }

    private void provision() {
        Namespaces namespaces = environment.has(Environment.NAMESPACES_FILE)
                ? Namespaces.load(Path.of(environment.get(Environment.NAMESPACES_FILE)))
                : Namespaces.builtIn();
        var unused = new TopicProvisioner(KafkaSettings.of(environment.get(Environment.KAFKA)))
                .provision(Topics.all(namespaces));
    }

    private LogFile log(String name) {
        return new LogFile(folder.log(name), LOG_BYTES);
    }

    private static int port(Map<String, Integer> ports, String name) {
        return ports.getOrDefault(name, 0);
    }
}
