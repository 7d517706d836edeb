package io.tailrace.dispatcher;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.contracts.topic.TopicSpec;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.dispatcher.Applications.Application;
import io.tailrace.dispatcher.RunningApplication.Liveness;
import io.tailrace.dispatcher.poison.PoisonListener;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.Loop;
import io.tailrace.kit.consume.SupervisedLoop;
import io.tailrace.kit.kafka.BrokerOutage;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.kafka.TopicProvisioner;
import io.tailrace.kit.retention.ShowRetention;
import io.tailrace.kit.series.SeriesSettings;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the Streams applications of this process: makes sure that the topics exist, starts the applications, replaces threads
 * that Streams has lost, and stops the applications cleanly. Thread-safe.
 */
@Singleton
public final class Dispatcher implements AutoCloseable {
    /** The status with which the process ends when it gives up ({@code EX_SOFTWARE} of sysexits.h). */
    public static final int EXIT_STATUS = 70;

    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

    /** How often the threads are counted, in milliseconds: a dead one costs a rebalance of some seconds anyway. */
    private static final long THREAD_CHECK_MS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final DispatcherSettings settings;
    private final JobDispatchSettings jobs;
    private final ScheduleDispatchSettings schedules;
    private final SeriesSettings series;
    private final ShowRetention shows;
    private final KafkaSettings kafka;
    private final Namespaces namespaces;
    private final JobQueues queues;
    private final MeterRegistry meters;
    private final ProcessEnd end;
    private final List<RunningApplication> running = new CopyOnWriteArrayList<>();
    private final Object lifecycle = new Object();
    private final SupervisedLoop starting;
    private final SupervisedLoop replacing;
    private volatile @Nullable RuntimeException refusal;

    /** A dispatcher that does not run yet. */
    public Dispatcher(
            DispatcherSettings settings,
            JobDispatchSettings jobs,
            ScheduleDispatchSettings schedules,
            SeriesSettings series,
            ShowRetention shows,
            KafkaSettings kafka,
            Namespaces namespaces,
            JobQueues queues,
            MeterRegistry meters,
            ProcessEnd end) {
        this.settings = settings;
        this.jobs = jobs;
        this.schedules = schedules;
        this.series = series;
        this.shows = shows;
        this.kafka = kafka;
        this.namespaces = namespaces;
        this.queues = queues;
        this.meters = meters;
        this.end = end;
        this.starting = new SupervisedLoop("dispatcher-start", backoff(settings), this::tryToStart);
        this.replacing = new SupervisedLoop("dispatcher-threads", backoff(settings), this::replaceThreads);
        starting.bindTo(meters);
        replacing.bindTo(meters);
    }

    private static Backoff backoff(DispatcherSettings settings) {
        Duration longest = settings.retryLongest();
        Duration first = longest.compareTo(FIRST_WAIT) < 0 ? longest : FIRST_WAIT;
        return new Backoff(first, longest, RandomGenerator.getDefault());
    }

    /**
     * Creates the topics that are missing and starts the applications. Blocks until they have been started: for as long as the
     * brokers do not answer or their names do not resolve, which health shows meanwhile. Returns early when it is closed.
     *
     * @throws RuntimeException if a topic has another shape than declared, a setting is wrong, another process uses the state
     *     directory, or Kafka has forgotten how far an application had come
     */
    public void start() {
        starting.run();
        RuntimeException reason = refusal;
        if (reason != null) {
            throw reason;
        }
    }

    private void tryToStart(SupervisedLoop self) {
        try {
            startApplications();
        } catch (RuntimeException e) {
            if (BrokerOutage.isCauseOf(e)) {
                throw e;
            }
            refusal = e;
            self.stop();
            return;
        }
        self.done();
    }

    private void startApplications() {
        List<TopicSpec> topics = new ArrayList<>(Topics.all(namespaces));
        topics.addAll(queues.topics());
        var unused = new TopicProvisioner(kafka).provision(topics);
        String instanceId = InstanceId.of(settings);
        BoundedRocksDb.loadLibrary(Path.of(settings.stateDir(), "native"));
        List<Application> applications = Applications.all(settings, jobs, schedules, series, shows, namespaces, queues);
        StartGuard guard = new StartGuard(kafka);
        applications.forEach(application -> guard.check(application.id()));
        Path state = Path.of(settings.stateDir(), "cluster-" + guard.clusterId());
        Changelogs changelogs = new Changelogs(kafka);
        for (Application application : applications.subList(running.size(), applications.size())) {
            changelogs.configure(application.id());
            Changelogs.deleteStale(state.resolve(application.id()), Instant.now());
        }
        synchronized (lifecycle) {
            // What could not be started is started by the next attempt, and nothing twice.
            for (Application application : applications.subList(running.size(), applications.size())) {
                if (starting.isStopping()) {
                    return;
                }
                running.add(start(application, instanceId, state));
            }
            Thread.ofPlatform().daemon().name(replacing.name()).start(replacing);
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
                application.compression(),
                instanceId,
                settings,
                kafka,
                application.form(),
                deadLetterCounter());
        config.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, application.threads());
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, application.cacheBytes());
        config.put(
                StreamsConfig.WINDOW_STORE_CHANGE_LOG_ADDITIONAL_RETENTION_MS_CONFIG,
                application.changelogSlack().toMillis());
        config.put(StreamsConfig.POLL_MS_CONFIG, application.pollInterval().toMillis());
        ReplacementPolicy policy = new ReplacementPolicy(
                settings.threadReplacements(),
                settings.threadReplacementWindow().toMillis());
        return RunningApplication.start(application, config, policy, meters, starting, end);
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

    private void replaceThreads(SupervisedLoop self) {
        while (!self.isStopping()) {
            running.forEach(RunningApplication::addMissingThreads);
            self.succeeded();
            self.pause(THREAD_CHECK_MS);
        }
    }

    /** How each application is, by its id; empty before {@link #start()}. */
    Map<String, Liveness> applications() {
        Map<String, Liveness> applications = new TreeMap<>();
        running.forEach(application -> applications.put(application.id(), application.liveness()));
        return applications;
    }

    /** What begins the applications, and what keeps the number of their threads. */
    List<Loop> loops() {
        return List.of(starting, replacing);
    }

    /** Stops the applications, each within {@link DispatcherSettings#stopTimeout()}. */
    @Override
    @PreDestroy
    public void close() {
        starting.stop();
        replacing.stop();
        synchronized (lifecycle) {
            running.forEach(application -> application.stop(settings.stopTimeout(), settings.leaveGroupOnStop()));
        }
    }
}
