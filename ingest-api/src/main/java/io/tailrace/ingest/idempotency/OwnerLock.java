package io.tailrace.ingest.idempotency;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.configuration.jdbc.hikari.DatasourceConfiguration;
import io.micronaut.context.annotation.Context;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.Loop;
import io.tailrace.kit.consume.SupervisedLoop;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Named;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/**
 * Shows other processes that this one lives: an advisory lock in PostgreSQL, on a connection of its own. When the process dies,
 * however it dies, the kernel closes the connection and PostgreSQL gives the lock back, so that nobody need wait for the leases
 * of its requests. When its machine dies, nobody closes the connection; PostgreSQL then finds out by TCP keep-alive within four seconds. A process
 * that is frozen keeps its lock. Thread-safe; owns its thread and its connection.
 *
 * <p>The lock is a shared one: a connection that broke on this side only would otherwise keep its successor from it.
 */
@Context
public final class OwnerLock {
    /** How often the connection is looked at. Well below {@link IdempotencySettings#deadAfter()}. */
    private static final Duration CHECK = Duration.ofMillis(500);

    private static final int QUERY_TIMEOUT_S = 5;
    private static final Duration RETRY_FIRST = Duration.ofMillis(100);
    private static final Duration RETRY_LONGEST = Duration.ofSeconds(1);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

    /** How soon PostgreSQL misses a machine that has died: after a second of silence and three further ones without an answer. */
    private static final String KEEP_ALIVE =
            "set tcp_keepalives_idle = 1; set tcp_keepalives_interval = 1; set tcp_keepalives_count = 3";

    private final DatasourceConfiguration datasource;

    /** Not the number of any other advisory lock, with a probability next to 1. */
    private final long owner = new SecureRandom().nextLong(1L << 32, Long.MAX_VALUE);

    private final SupervisedLoop loop;
    private final Thread thread;
    private volatile boolean held;
    private volatile @Nullable Connection current;

    /** A lock in the database of the pool. */
    public OwnerLock(@Named(Database.POOL) DatasourceConfiguration datasource, MeterRegistry meters) {
        this.datasource = datasource;
        Backoff backoff = new Backoff(RETRY_FIRST, RETRY_LONGEST, RandomGenerator.getDefault());
        this.loop = new SupervisedLoop("idempotency-owner", backoff, this::hold);
        loop.bindTo(meters);
        this.thread = Thread.ofPlatform().daemon().name(loop.name()).unstarted(loop);
    }

    /** How it is. */
    public Loop loop() {
        return loop;
    }

    /** The number of this process's lock; null while it is not held: then nothing but a lease tells when a request is over. */
    @Nullable
    Long owner() {
        return held ? owner : null;
    }

    @PostConstruct
    void start() {
        thread.start();
    }

    @PreDestroy
    void stop() {
        loop.stop();
        try {
            thread.join(STOP_TIMEOUT);
            Connection open = current;
            if (open != null) {
                open.abort(Runnable::run);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            throw new IllegalStateException("the connection of the lock does not close", e);
        }
    }

    private void hold(SupervisedLoop self) throws SQLException {
        try (Connection connection = open()) {
            current = connection;
            try (Statement settings = connection.createStatement()) {
                settings.execute(KEEP_ALIVE);
            }
            try (PreparedStatement lock = connection.prepareStatement("select pg_advisory_lock_shared(?)")) {
                lock.setLong(1, owner);
                lock.execute();
            }
            held = true;
            while (!self.isStopping()) {
                self.succeeded();
                self.pause(CHECK.toMillis());
                if (!connection.isValid(QUERY_TIMEOUT_S)) {
                    throw new SQLException("the connection of the lock is broken");
                }
            }
        } finally {
            held = false;
            current = null;
        }
    }

    private Connection open() throws SQLException {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, datasource.getUsername());
        PGProperty.PASSWORD.set(properties, datasource.getPassword());
        PGProperty.APPLICATION_NAME.set(properties, "ingest-api owner of requests");
        PGProperty.CONNECT_TIMEOUT.set(properties, 2);
        PGProperty.SOCKET_TIMEOUT.set(properties, 2 * QUERY_TIMEOUT_S);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        return DriverManager.getConnection(datasource.getUrl(), properties);
    }
}
