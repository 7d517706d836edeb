package io.tailrace.contracts.topic;

import io.tailrace.contracts.channel.Namespaces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The topics of the log, beside those of the namespaces. Facts are kept for ever. */
public final class Topics {
    /** Key: user id. Type: {@code user_registered}; a tombstone erases the person. */
    public static final String USERS = "tailrace.users";

    /**
     * Key: {@code followee/follower}, partitioned by the followee alone, so that compaction keeps one record per pair
     * and all followers of an author are in one partition. Types: {@code user_followed}, {@code user_unfollowed}.
     */
    public static final String FOLLOWS = "tailrace.follows";

    /**
     * Key: {@code author/post}, partitioned by the author alone. Type: {@code post_published}; a tombstone deletes the post.
     * Records of before had the author alone as their key; see {@code docs/decisions/0038}.
     */
    public static final String POSTS = "tailrace.posts";

    /** Key: metric id. Type: {@code metric_created}. */
    public static final String METRICS = "tailrace.metrics";

    /**
     * Key: metric id. Type: {@code metric_reading_created}. Its time is the broker's: one clock for each partition decides which readings
     * are too late for their windows, whatever the clocks of writers say.
     */
    public static final String READINGS = "tailrace.readings";

    /**
     * Key: {@code owner/dashboard}, partitioned by the owner alone. Type: {@code dashboard_saved}; a tombstone deletes the dashboard.
     */
    public static final String DASHBOARDS = "tailrace.dashboards";

    /**
     * Key: {@code owner/upload}, partitioned by the owner alone. Type: {@code upload_stored}; a tombstone deletes the upload. The files
     * themselves are in the file store.
     */
    public static final String UPLOADS = "tailrace.uploads";

    /** Key: show id. Type: {@code show_created}. Its time is the broker's, so that it precedes its commands. */
    public static final String SHOWS = "tailrace.shows";

    /**
     * Key: show id. What people want of a show's seats; see {@code contracts.seat}. Its time is the broker's: one clock
     * for each partition decides which holds have run out.
     */
    public static final String SEAT_COMMANDS = "tailrace.seat-commands";

    /** Key: show id. The decisions on the commands, and the holds that ran out. */
    public static final String SEAT_EVENTS = "tailrace.seat-events";

    /**
     * Key: queue. What people and workers want of jobs; see {@code contracts.job}. Its time is the broker's: one clock for each
     * partition decides when a job is due and whose lease has run out.
     */
    public static final String JOB_COMMANDS = "tailrace.job-commands";

    /** Key: queue. The decisions on the commands, and what time led to. */
    public static final String JOB_EVENTS = "tailrace.job-events";

    /** Key: job id. Type: {@code job_logged}: what handlers have logged. */
    public static final String JOB_LOGS = "tailrace.job-logs";

    /** What the names of the topics of released jobs begin with; the queue follows. Key: job id. */
    public static final String JOB_READY_PREFIX = "tailrace.job-ready.";

    /**
     * Key: the schedule's name. When jobs are enqueued again and again; a tombstone deletes the schedule. Its time is the broker's,
     * which decides when a schedule fires. The dispatcher's own records about time have keys with a slash; one of each partition is kept.
     */
    public static final String SCHEDULES = "tailrace.schedules";

    /**
     * How long commands for jobs, released jobs and what handlers log are kept. What is waited for is in the dispatcher's store, so this has to be
     * longer than the dispatcher and workers are ever away, and no longer: payloads may name people.
     */
    public static final Duration JOB_RETENTION = Duration.ofDays(7);

    /** How long the history of jobs is kept in the log. */
    public static final Duration JOB_EVENTS_RETENTION = Duration.ofDays(30);

    /** Key: connection id. Changes of open streams, on their way to the edge that has the stream; see the sse-edge. */
    public static final String EDGE_CONTROL = "tailrace.edge-control";

    /**
     * Key: {@code actor/event}, partitioned by the actor alone; {@link FactKeys#of(String, String)}. Type: {@code index_searched}, payload {@link io.tailrace.contracts.event.IndexSearched}: each
     * search over personal data, written before it is answered. Holds what was asked for, so it is kept for a limited time.
     */
    public static final String AUDIT = "tailrace.audit";

    /**
     * Key: {@code subject/hash of the key}, partitioned by the subject alone. Type: {@code api_key_created}; a tombstone revokes
     * the key.
     */
    public static final String API_KEYS = "tailrace.api-keys";

    /**
     * What a consumer could not use, with headers that say where it came from and why. Key: where the original is and who could
     * not use it, {@code topic-partition@offset/consumer}; a tombstone erases the letter.
     */
    public static final String DEAD_LETTERS = "tailrace.dead-letters";

    /** Partitions of every topic of facts. They are co-partitioned: a person's posts and followers meet in one task. */
    public static final int FACT_PARTITIONS = 6;

    private Topics() {}

    /** Every topic that must exist, those of the namespaces among them, and those of queues not. */
    public static List<TopicSpec> all(Namespaces namespaces) {
        List<TopicSpec> specs = new ArrayList<>(List.of(
                new TopicSpec(USERS, FACT_PARTITIONS, true, null),
                new TopicSpec(FOLLOWS, FACT_PARTITIONS, true, null),
                new TopicSpec(POSTS, FACT_PARTITIONS, true, null),
                new TopicSpec(METRICS, FACT_PARTITIONS, false, null),
                new TopicSpec(READINGS, FACT_PARTITIONS, false, null, true),
                new TopicSpec(DASHBOARDS, FACT_PARTITIONS, true, null),
                new TopicSpec(UPLOADS, FACT_PARTITIONS, true, null),
                new TopicSpec(SHOWS, FACT_PARTITIONS, false, null, true),
                new TopicSpec(SEAT_COMMANDS, FACT_PARTITIONS, false, null, true),
                new TopicSpec(SEAT_EVENTS, FACT_PARTITIONS, false, null),
                new TopicSpec(JOB_COMMANDS, FACT_PARTITIONS, false, JOB_RETENTION, true),
                new TopicSpec(JOB_EVENTS, FACT_PARTITIONS, false, JOB_EVENTS_RETENTION),
                new TopicSpec(JOB_LOGS, FACT_PARTITIONS, false, JOB_RETENTION),
                new TopicSpec(SCHEDULES, FACT_PARTITIONS, true, null, true),
                new TopicSpec(EDGE_CONTROL, 1, false, Duration.ofHours(1)),
                new TopicSpec(AUDIT, FACT_PARTITIONS, true, Duration.ofDays(400), true),
                new TopicSpec(API_KEYS, FACT_PARTITIONS, true, null),
                new TopicSpec(DEAD_LETTERS, 1, true, Duration.ofDays(30))));
        namespaces.all().forEach(namespace -> specs.add(TopicSpec.of(namespace)));
        return specs;
    }
}
