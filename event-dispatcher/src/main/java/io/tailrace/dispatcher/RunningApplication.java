package io.tailrace.dispatcher;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.dispatcher.Applications.Application;
import io.tailrace.kit.consume.SupervisedLoop;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Streams application that runs. Thread-safe. */
final class RunningApplication {
    private static final Logger LOG = LoggerFactory.getLogger(RunningApplication.class);
    private static final long NANOS_PER_MS = 1_000_000;

    private final String id;
    private final int threads;
    private final KafkaStreams streams;
    private final StreamsMeters metrics;

    private RunningApplication(String id, int threads, KafkaStreams streams, StreamsMeters metrics) {
        this.id = id;
        this.threads = threads;
        this.streams = streams;
        this.metrics = metrics;
    }

    /**
     * How an application is.
     *
     * @param state for Streams it is running without a single thread as well
     * @param threads its stream threads that live
     * @param wanted how many there should be
     */
    record Liveness(KafkaStreams.State state, int threads, int wanted) {
        /** Whether it works as it should. */
        boolean isWell() {
            return state == KafkaStreams.State.RUNNING && threads >= wanted;
        }
    }

    /**
     * Starts an application.
     *
     * @param config from {@link StreamsProperties}
     * @param starting shows and paces what the constructor of Streams waits for
     * @param end called when it has given up
     */
    static RunningApplication start(
            Application application,
            Map<String, Object> config,
            ReplacementPolicy policy,
            MeterRegistry meters,
            SupervisedLoop starting,
            ProcessEnd end) {
        String id = application.id();
        Counter truncations = Counter.builder("tailrace.dispatcher.truncations")
                .description("Partitions that have lost records which were processed")
                .tag("application", id)
                .register(meters);
        StreamsClients clients = new StreamsClients(truncations, starting);
        KafkaStreams streams = new KafkaStreams(application.topology(), new StreamsConfig(config), clients);
        clients.constructed();
        streams.setUncaughtExceptionHandler(fault -> {
            StreamThreadExceptionResponse response = policy.decide(fault, System.nanoTime() / NANOS_PER_MS);
            LOG.error("{}: a stream thread died, {}", id, response, fault);
            meters.counter("tailrace.dispatcher.thread.deaths", "application", id, "response", response.name())
                    .increment();
            return response;
        });
        StreamsMeters metrics = new StreamsMeters(streams, meters);
        streams.setStateListener((now, before) -> {
            LOG.info("{}: {} -> {}", id, before, now);
            if (now == KafkaStreams.State.RUNNING) {
                metrics.running();
            }
            if (now == KafkaStreams.State.PENDING_ERROR || now == KafkaStreams.State.ERROR) {
                end.end(Dispatcher.EXIT_STATUS);
            }
        });
        streams.start();
        return new RunningApplication(id, application.threads(), streams, metrics);
    }

    String id() {
        return id;
    }

    Liveness liveness() {
        return new Liveness(streams.state(), liveThreads(), threads);
    }

    /**
     * Adds the threads that are missing: those that died and that Streams could not replace, for it tries that once. A thread
     * that is being replaced still lives, so this never makes one too many.
     *
     * @throws RuntimeException if a thread cannot be made at the moment
     */
    void addMissingThreads() {
        for (int missing = threads - liveThreads(); missing > 0; missing--) {
            Optional<String> added = streams.addStreamThread();
            if (added.isEmpty()) {
                // It stops or has given up.
                return;
            }
            LOG.warn("{}: added {} for a failed stream thread that was not replaced", id, added.get());
        }
    }

    private int liveThreads() {
        return streams.metadataForLocalThreads().size();
    }

    /**
     * Commits what has been processed and stops.
     *
     * @param timeout how long to wait at most; what was not committed then is done again by the next start
     * @param leaveGroup whether other instances take over at once
     */
    void stop(Duration timeout, boolean leaveGroup) {
        metrics.close();
        boolean stopped = streams.close(CloseOptions.timeout(timeout)
                .withGroupMembershipOperation(
                        leaveGroup
                                ? CloseOptions.GroupMembershipOperation.LEAVE_GROUP
                                : CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));
        if (!stopped) {
            LOG.warn("{} did not stop within {}; the next start repeats uncommitted work", id, timeout);
        }
    }
}
