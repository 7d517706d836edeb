package io.tailrace.dispatcher;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.dispatcher.Applications.Application;
import io.tailrace.dispatcher.poison.PoisonListener;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.kafka.TopicProvisioner;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the Streams applications of this process: makes sure that the topics exist, starts the applications, and stops
 * them cleanly. Thread-safe.
 */
@Singleton
public final class Dispatcher implements AutoCloseable {
    /** The status with which the process ends when it gives up ({@code EX_SOFTWARE} of sysexits.h). */
    public static final int EXIT_STATUS = 70;

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final DispatcherSettings settings;
    private final KafkaSettings kafka;
    private final Namespaces namespaces;
    private final MeterRegistry meters;
    private final ProcessEnd end;
    private final List<RunningApplication> running = new CopyOnWriteArrayList<>();
    private final Object lifecycle = new Object();
    private boolean closed;

    /** A dispatcher that does not run yet. */
    public Dispatcher(
            DispatcherSettings settings,
            KafkaSettings kafka,
            Namespaces namespaces,
            MeterRegistry meters,
            ProcessEnd end) {
        this.settings = settings;
        this.kafka = kafka;
        this.namespaces = namespaces;
        this.meters = meters;
        this.end = end;
    }

    /**
     * Waits for the brokers, creates the topics that are missing and starts the applications. Blocking, as long as
     * {@link KafkaSettings#provisionTimeout()}.
     *
     * @throws RuntimeException if the topics cannot be had, another process uses the state directory, or Kafka has
     *     forgotten how far an application had come
     */
    public void start() {
        var unused = new TopicProvisioner(kafka).provision(Topics.all(namespaces));
        String instanceId = InstanceId.of(settings);
        BoundedRocksDb.loadLibrary(Path.of(settings.stateDir(), "native"));
        List<Application> applications = Applications.all(settings, namespaces);
        StartGuard guard = new StartGuard(kafka);
        applications.forEach(application -> guard.check(application.id()));
        Path state = Path.of(settings.stateDir(), "cluster-" + guard.clusterId());
        synchronized (lifecycle) {
            for (Application application : applications) {
                if (closed) {
                    return;
                }
                running.add(start(application, instanceId, state));
            }
        }
        LOG.info("Dispatching as instance {} with state in {}", instanceId, state);
    }

    /**
     * Starts one application.
     *
     * @param state of this cluster alone: Streams takes the stores of another cluster for its own where topics have the
     *     same names, and would decide by facts that never were
     */
    private RunningApplication start(Application application, String instanceId, Path state) {
        Map<String, Object> config = StreamsProperties.of(
                application.id(),
                application.commitInterval(),
                instanceId,
                settings,
                kafka,
                application.form(),
                deadLetterCounter());
        config.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, application.threads());
        ReplacementPolicy policy = new ReplacementPolicy(
                settings.threadReplacements(),
                settings.threadReplacementWindow().toMillis());
        return RunningApplication.start(application, config, policy, meters, end);
    }

    private PoisonListener deadLetterCounter() {
        return (topic, poison) -> meters.counter(
                        "tailrace.dispatcher.dead.letters",
                        "topic",
                        topic,
                        "kind",
                        poison.kind().label())
                .increment();
    }

    /** The state of each application by its id; empty before {@link #start()}. */
    public Map<String, KafkaStreams.State> states() {
        Map<String, KafkaStreams.State> states = new TreeMap<>();
        running.forEach(application -> states.put(application.id(), application.state()));
        return states;
    }

    /** Stops the applications, each within {@link DispatcherSettings#stopTimeout()}. */
    @Override
    @PreDestroy
    public void close() {
        synchronized (lifecycle) {
            closed = true;
            running.forEach(application -> application.stop(settings.stopTimeout(), settings.leaveGroupOnStop()));
        }
    }
}
