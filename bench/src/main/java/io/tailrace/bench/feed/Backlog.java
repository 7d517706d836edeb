package io.tailrace.bench.feed;

import io.tailrace.bench.stand.Stand;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** How far the dispatcher and the projections have come behind the log, and how large a topic is. */
final class Backlog {
    private static final long LIMIT_NS = TimeUnit.MINUTES.toNanos(15);
    private static final long PAUSE_MS = 500;

    private static final String APPLIED =
            "select coalesce(sum(next_offset), 0) from projection_positions where projection = ?";

    private final String bootstrap;
    private final String url;
    private final String user;
    private final String password;

    Backlog(Stand stand) throws IOException {
        bootstrap = stand.environment("TAILRACE_KAFKA_BOOTSTRAP");
        Map<String, String> environment = stand.environment();
        url = stand.environment("TAILRACE_POSTGRES_URL");
        user = environment.getOrDefault("TAILRACE_POSTGRES_USER", "");
        password = environment.getOrDefault("TAILRACE_POSTGRES_PASSWORD", "");
    }

    /** Waits until the dispatcher and PostgreSQL have every follow. */
    void awaitFollows() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            await(() -> committed(admin, "tailrace-feed-v1", Crowd.FOLLOWS) >= end(admin, Crowd.FOLLOWS));
            await(() -> applied("follows") >= end(admin, Crowd.FOLLOWS));
        }
    }

    /** Waits until PostgreSQL has every entry of the feeds. */
    void awaitEntries() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            await(() -> applied("feed_entries") >= end(admin, ServedWatch.FEEDS));
        }
    }

    /** What the topic of the feeds takes on the broker's disk, in bytes. */
    long feedBytes() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            int broker = admin.describeCluster().nodes().get().iterator().next().id();
            return admin.describeLogDirs(List.of(broker)).allDescriptions().get().values().stream()
                    .flatMap(folders -> folders.values().stream())
                    .flatMap(folder -> folder.replicaInfos().entrySet().stream())
                    .filter(replica -> replica.getKey().topic().equals(ServedWatch.FEEDS))
                    .mapToLong(replica -> replica.getValue().size())
                    .sum();
        }
    }

    private static long end(Admin admin, String topic) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> partitions =
                admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
                        .flatMap(description -> description.partitions().stream())
                        .collect(Collectors.toMap(
                                partition -> new TopicPartition(topic, partition.partition()),
                                partition -> OffsetSpec.latest()));
        return admin
                .listOffsets(partitions, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all()
                .get()
                .values()
                .stream()
                .mapToLong(end -> end.offset())
                .sum();
    }

    private static long committed(Admin admin, String group, String topic)
            throws ExecutionException, InterruptedException {
        return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet().stream()
                .filter(entry -> entry.getKey().topic().equals(topic) && entry.getValue() != null)
                .mapToLong(entry -> entry.getValue().offset())
                .sum();
    }

    private long applied(String projection) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, user, password);
                PreparedStatement select = connection.prepareStatement(APPLIED)) {
            select.setString(1, projection);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    private static void await(Check check) throws Exception {
        long untilNs = System.nanoTime() + LIMIT_NS;
        while (!check.holds()) {
            if (System.nanoTime() > untilNs) {
                throw new IOException("what was written has not arrived everywhere within 15 minutes");
            }
            Thread.sleep(PAUSE_MS);
        }
    }

    private interface Check {
        boolean holds() throws Exception;
    }
}
