package io.tailrace.ingest.outbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.configuration.jdbc.hikari.DatasourceConfiguration;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import io.tailrace.ingest.log.EventLog;
import io.tailrace.ingest.sql.Database;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Named;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
    private final Thread thread =
            Thread.ofPlatform().daemon().name("outbox-relay").unstarted(this::run);
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile @Nullable OutboxConnection connection;
    private volatile boolean active;
    private boolean away;
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
    }

    @PostConstruct
    void start() {
        thread.start();
    }

    /** Stops between two batches; what is not sent stays where it is. */
    @PreDestroy
    void stop() {
        stop.countDown();
        closeConnection();
        try {
            thread.join(STOP_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (stop.getCount() > 0) {
            try (OutboxConnection opened = OutboxConnection.open(
                    datasource.getUrl(), datasource.getUsername(), datasource.getPassword(), QUERY_TIMEOUT)) {
                connection = opened;
                away = false;
                relay(opened);
            } catch (SQLException | RuntimeException e) {
                report(e);
            } finally {
                active = false;
                connection = null;
            }
            pause();
        }
    }

    /** Once per outage: a database that is away for an hour is not news every second. */
    private void report(Exception e) {
        if (stop.getCount() > 0 && !away) {
            LOG.warn("The outbox's relay has no database, it goes on trying: {}", e.toString());
        }
        away = true;
    }

    private void relay(OutboxConnection opened) throws SQLException {
        while (!active && stop.getCount() > 0) {
            active = opened.tryLock();
            if (!active) {
                pause();
            }
        }
        OutboxPass pass = new OutboxPass(opened, log, settings.batchSize(), relayed::increment);
        while (stop.getCount() > 0) {
            switch (pass.run(() -> stop.getCount() == 0)) {
                case OutboxPass.Result.Done(int left) -> {
                    blocked = left;
                    opened.awaitWake(settings.pollInterval());
                }
                // Whoever wakes the relay now would only make it run into the same fault.
                case OutboxPass.Result.LogAway _ -> pause();
            }
        }
    }

    private void pause() {
        try {
            var unused = stop.await(settings.retryInterval().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            stop.countDown();
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
