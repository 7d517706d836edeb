package io.tailrace.ingest.testing;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.log.TopicGenerations;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventReading;
import io.tailrace.kit.kafka.EventRecords;
import io.tailrace.kit.kafka.KafkaSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What {@code projections} writes to PostgreSQL, written by the test when the test wants it. */
public final class Projections {
    private static final AtomicLong NEXT_OFFSET = new AtomicLong(1);

    private Projections() {}

    /** Puts a post into somebody's feed, behind all that were put there before. */
    public static UUID feedEntry(UUID user, UUID post, String text) {
        return feedEntry(user, post, text, NEXT_OFFSET.getAndIncrement());
    }

    /** The same at a place in the feed's channel; 0 is that of rows from before there were places. */
    public static UUID feedEntry(UUID user, UUID post, String text, long logOffset) {
        TestPostgres.shared()
                .update(
                        "insert into feed_entries (user_id, post_id, author_id, text, created_at, log_offset)"
                                + " values (?, ?, ?, ?, ?, ?)",
                        user,
                        post,
                        UUID.randomUUID(),
                        text,
                        OffsetDateTime.ofInstant(Instant.EPOCH, ZoneOffset.UTC),
                        logOffset);
        return post;
    }

    /** Copies the metrics of the log as of now, and says so. */
    public static void copyMetrics() throws IOException {
        for (ConsumerRecord<byte[], byte[]> record : TestBroker.shared().records(Topics.METRICS)) {
            if (EventRecords.read(record) instanceof EventReading.Readable(var event)) {
                Map<?, ?> data = Json.read(event.data(), Map.class);
                TestPostgres.shared()
                        .update(
                                "insert into metrics (id, name, created_at) values (?, ?, now()) on conflict do"
                                        + " nothing",
                                UUID.fromString(String.valueOf(data.get("id"))),
                                String.valueOf(data.get("name")));
            }
            moveTo("metrics", Topics.METRICS, record.partition(), record.offset() + 1);
        }
    }

    /** Says that a projection has read a partition up to an offset. */
    public static void moveTo(String projection, String topic, int partition, long nextOffset) {
        TestPostgres.shared()
                .update(
                        "insert into projection_positions (projection, topic, partition, next_offset, generation)"
                                + " values (?, ?, ?, ?, ?) on conflict (projection, topic, partition) do update"
                                + " set next_offset = excluded.next_offset, generation = excluded.generation",
                        projection,
                        topic,
                        partition,
                        nextOffset,
                        generation(topic));
    }

    /** Says in a database that every projection of people's facts has all that is in the log, and that will be. */
    public static void allCatchUp(TestIngest server, TestPostgres database) {
        Map.of(
                        "users", Topics.USERS,
                        "posts", Topics.POSTS,
                        "follows", Topics.FOLLOWS,
                        "dashboards", Topics.DASHBOARDS,
                        "uploads", Topics.UPLOADS,
                        "jobs", Topics.JOB_EVENTS,
                        "job_logs", Topics.JOB_LOGS,
                        "feed_entries", "tailrace.channels.feed")
                .forEach((projection, topic) -> {
                    String generation =
                            server.bean(TopicGenerations.class).topicId(topic).toString();
                    for (int partition = 0; partition < Topics.FACT_PARTITIONS; partition++) {
                        database.update(
                                "insert into projection_positions (projection, topic, partition, next_offset,"
                                        + " generation) values (?, ?, ?, ?, ?) on conflict do nothing",
                                projection,
                                topic,
                                partition,
                                Long.MAX_VALUE,
                                generation);
                    }
                });
    }

    /** Appends a record that changes nothing to the partition of somebody's feed; gives the log's end after it. */
    public static long touchFeed(UUID user) throws ExecutionException, InterruptedException {
        Channel feed = new Channel("feed:" + user);
        var record = new ProducerRecord<>(
                "tailrace.channels.feed",
                feed.partition(6),
                feed.name().getBytes(StandardCharsets.UTF_8),
                "{}".getBytes(StandardCharsets.UTF_8));
        return TestBroker.shared().producer().send(record).get().offset() + 1;
    }

    /** The id of a topic. */
    public static String generation(String topic) {
        KafkaSettings settings = TestBroker.shared().settings();
        try (Admin admin = Admin.create(settings.admin("test"))) {
            var description =
                    admin.describeTopics(List.of(topic)).topicNameValues().get(topic);
            if (description == null) {
                throw new IllegalStateException(topic);
            }
            return description.get().topicId().toString();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
