package io.tailrace.ingest.outbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.configuration.jdbc.hikari.DatasourceConfiguration;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import io.tailrace.ingest.log.EventLog;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.Loop;
import io.tailrace.kit.consume.SupervisedLoop;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Named;
import java.sql.SQLException;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries stored events from PostgreSQL to Kafka, for as long as the service runs. Of all processes that run one, the one
 * that holds an advisory lock is active; the others try again every {@link OutboxSettings#retryInterval()}.
 *
 * <p>Delivery is at least once: a row is deleted after the broker has acknowledged its event, so a relay that dies in
 * between sends it again, with the same event id, which is the event's identity. This class owns the thread and the
 * connection; what is sent in which order is decided by {@link OutboxPass}.
 */
@Context
@Requires(property = "tailrace.outbox.relay-enabled", notEquals = "false")
public final class OutboxRelay {
    private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);
    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final OutboxSettings settings;
    private final DatasourceConfiguration datasource;
    private final EventLog log;
    private final Counter relayed;
    private final SupervisedLoop loop;
    private final Thread thread;
    private volatile @Nullable OutboxConnection connection;
    private volatile boolean active;
    private volatile int blocked;

    /** A relay to {@code log}. */
    public OutboxRelay(
            OutboxSettings settings,
            @Named(Database.POOL) DatasourceConfiguration datasource,
            EventLog log,
            MeterRegistry meters) {
        this.settings = settings;
        this.datasource = datasource;
        this.log = log;
        this.relayed = Counter.builder("tailrace.outbox.relayed")
                .description("Events that were carried from PostgreSQL to Kafka")
                .register(meters);
        Gauge.builder("tailrace.outbox.active", () -> active ? 1 : 0)
                .description("Whether this process is the active relay")
                .register(meters);
        Gauge.builder("tailrace.outbox.blocked", () -> blocked)
                .description("Events that can never be sent as they are stored; somebody must look at them")
                .register(meters);
        Duration retry = settings.retryInterval();
        this.loop =
                new SupervisedLoop("outbox-relay", new Backoff(retry, retry, RandomGenerator.getDefault()), this::run);
        loop.bindTo(meters);
        this.thread = Thread.ofPlatform().daemon().name(loop.name()).unstarted(loop);
    }

    /** How it is; while it waits for another process to stop being the active one, it is well. */
    public Loop loop() {
        return loop;
    }

    @PostConstruct
    void start() {
        thread.start();
    }

    /** Stops between two batches; what is not sent stays where it is. */
    @PreDestroy
    void stop() {
        loop.stop();
        closeConnection();
        try {
            thread.join(STOP_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(SupervisedLoop self) throws SQLException {
        try (OutboxConnection opened = OutboxConnection.open(
                datasource.getUrl(), datasource.getUsername(), datasource.getPassword(), QUERY_TIMEOUT)) {
            connection = opened;
            relay(opened, self);
        } finally {
            active = false;
            connection = null;
        }
    }

    private void relay(OutboxConnection opened, SupervisedLoop self) throws SQLException {
        while (!active && !self.isStopping()) {
            active = opened.tryLock();
            self.succeeded();
            if (!active) {
                self.pause(settings.retryInterval().toMillis());
            }
        }
        OutboxPass pass = new OutboxPass(opened, log, settings.batchSize(), relayed::increment);
        while (!self.isStopping()) {
            switch (pass.run(self::isStopping)) {
                case OutboxPass.Result.Done(int left) -> {
                    blocked = left;
                    self.succeeded();
                    opened.awaitWake(settings.pollInterval());
                }
                // Whoever wakes the relay now would only make it run into the same fault.
                case OutboxPass.Result.LogAway _ ->
                    self.pause(self.failed(new IllegalStateException("the log does not take events")));
            }
        }
    }

    private void closeConnection() {
        OutboxConnection open = connection;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.debug("The relay's connection does not close", e);
            }
        }
    }
}
