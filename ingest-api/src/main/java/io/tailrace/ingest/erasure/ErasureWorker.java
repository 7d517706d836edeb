package io.tailrace.ingest.erasure;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.projection.ProjectionWait;
import io.tailrace.ingest.rekey.TopicRekeying;
import io.tailrace.ingest.sql.Database;
import io.tailrace.ingest.sql.SessionLocks;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.Loop;
import io.tailrace.kit.consume.SupervisedLoop;
import io.tailrace.kit.kafka.KafkaSettings;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves erasures on, one step at a time. Of all processes one makes a step, by an advisory lock that has the erasure's number;
 * there is no transaction open meanwhile, because reading topics takes long. A step can be made again: whoever dies in one, or
 * loses the lock unawares, has changed nothing that the next attempt would not change in the same way.
 *
 * <ol>
 *   <li>Tombstones for the person, their posts, dashboards and uploads, and whom they follow, when their registration is in the log; and what jobs say of them.
 *   <li>When the dispatcher has decided what jobs were asked for, and the copies have obeyed: the same for what was accepted before all services knew that the
 *       person's tokens are void, until there is nothing, and what is left in tables that no tombstone reaches.
 *   <li>After {@link KafkaSettings#compactionLag()}, and when the dispatcher has read the tombstones: tombstones for who follows the
 *       person, and, until there is nothing new, a record behind each tombstone, so that the brokers close the segments with
 *       the facts and compact them.
 *   <li>When the channels and the topics of jobs have no longer what was there before, by the offsets at which they begin: the ids of the
 *       person's deleted posts, which kept a feed that is made anew from having the posts again.
 * </ol>
 */
@Context
public final class ErasureWorker {
    private static final Logger LOG = LoggerFactory.getLogger(ErasureWorker.class);
    private static final Duration RETRY_FIRST = Duration.ofSeconds(1);
    private static final Duration RETRY_LONGEST = Duration.ofSeconds(30);
    private static final long POSTPONED_MS = 1_000;

    /**
     * How often it is looked at whether a dispatcher that was away has read what it missed.
     */
    private static final long EXPIRING_MS = 60_000;

    /** How often it is looked at whether topics have forgotten by time, which takes weeks. */
    private static final long FORGETTING_MS = 600_000;

    private static final String RUNNING = "running";
    private static final String COMPACTING = "compacting";

    /** More than processes that work at once, so that somebody's lock keeps nobody from the next erasure. */
    private static final int CANDIDATES = 16;

    private static final int FORGET = 0;
    private static final int SWEEP = 1;
    private static final int COMPACT = 2;
    private static final int EXPIRE = 3;

    private final ErasureRows rows;
    private final Database database;
    private final SessionLocks locks;
    private final ErasableFacts facts;
    private final ErasableJobs jobs;
    private final ErasableFiles files;
    private final TopicRekeying keys;
    private final ProjectionWait projections;
    private final Namespaces namespaces;
    private final DeliveredPosts delivered;
    private final DecidedJobs decided;
    private final ExpiringTopics expiring;
    private final ErasureSettings settings;
    private final long compactionLagMs;
    private final SupervisedLoop loop = new SupervisedLoop(
            "erasures", new Backoff(RETRY_FIRST, RETRY_LONGEST, RandomGenerator.getDefault()), this::run);
    private final Thread thread = Thread.ofVirtual().name(loop.name()).unstarted(loop);

    ErasureWorker(
            ErasureRows rows,
            Database database,
            SessionLocks locks,
            ErasableFacts facts,
            ErasableJobs jobs,
            ErasableFiles files,
            TopicRekeying keys,
            ProjectionWait projections,
            Namespaces namespaces,
            DeliveredPosts delivered,
            DecidedJobs decided,
            ExpiringTopics expiring,
            ErasureSettings settings,
            KafkaSettings kafka,
            MeterRegistry meters) {
        this.rows = rows;
        this.database = database;
        this.locks = locks;
        this.facts = facts;
        this.jobs = jobs;
        this.files = files;
        this.keys = keys;
        this.projections = projections;
        this.namespaces = namespaces;
        this.delivered = delivered;
        this.decided = decided;
        this.expiring = expiring;
        this.settings = settings;
        this.compactionLagMs = kafka.compactionLag().toMillis();
        loop.bindTo(meters);
    }

    @PostConstruct
    void start() {
        thread.start();
    }

    @PreDestroy
    void stop() {
        loop.stop();
        thread.interrupt();
    }

    /** How it is. */
    public Loop loop() {
        return loop;
    }

    private void run(SupervisedLoop self) {
        while (!self.isStopping()) {
            boolean worked = advance();
            self.succeeded();
            if (!worked) {
                var unused = database.call(() -> rows.sweep(settings.retention().toMillis()));
                self.pause(settings.pollInterval().toMillis());
            }
        }
    }

    /** Makes one step of an erasure that nobody else has in hand; whether there was one. */
    private boolean advance() {
        for (Erasure due : database.call(() -> rows.due(CANDIDATES))) {
            Supplier<Boolean> claimed = () ->
                    database.call(() -> rows.findDue(due.id())).map(this::step).orElse(false);
            if (locks.holding(due.id().getLeastSignificantBits(), claimed).orElse(false)) {
                return true;
            }
        }
        return false;
    }

    private boolean step(Erasure erasure) {
        @Nullable UUID person = erasure.userId();
        if (person == null) {
            throw new IllegalStateException("erasure " + erasure.id() + " is not done and of nobody");
        }
        switch (erasure.step()) {
            case FORGET -> {
                if (!keys.isDone() || database.call(() -> rows.isInOutbox(person.toString()))) {
                    next(erasure, FORGET, RUNNING, POSTPONED_MS);
                } else {
                    int forgotten = facts.forget(person, false);
                    int asked = jobs.forget(person);
                    LOG.info("erasure {}: {} facts and {} jobs are to be forgotten", erasure.id(), forgotten, asked);
                    next(erasure, SWEEP, RUNNING, 0);
                }
            }
            case SWEEP -> {
                // In this order: a job that the dispatcher has decided is found in the copy.
                if (decided.areComplete() && isCopied() && facts.forget(person, false) == 0 && sweep(person) == 0) {
                    next(erasure, COMPACT, COMPACTING, compactionLagMs);
                } else {
                    next(erasure, SWEEP, RUNNING, POSTPONED_MS);
                }
            }
            case COMPACT -> compact(erasure, person);
            case EXPIRE -> expire(erasure, person);
            default -> throw new IllegalStateException("erasure " + erasure.id() + ": step " + erasure.step());
        }
        return true;
    }

    private void compact(Erasure erasure, UUID person) {
        if (!delivered.areComplete()) {
            // A second tombstone is what compaction would leave of the first, for which feeds are told that a post is
            // deleted.
            LOG.info("erasure {}: the dispatcher has yet to read that the posts are deleted", erasure.id());
            next(erasure, COMPACT, COMPACTING, Math.clamp(compactionLagMs, POSTPONED_MS, EXPIRING_MS));
            return;
        }
        if (!decided.areComplete() || !areJobsCopied()) {
            LOG.info(
                    "erasure {}: the dispatcher, or the copy of jobs, has yet to read what jobs were asked for",
                    erasure.id());
            next(erasure, COMPACT, COMPACTING, Math.clamp(compactionLagMs, POSTPONED_MS, EXPIRING_MS));
            return;
        }
        int late = facts.forget(person, true) + sweep(person);
        if (late > 0) {
            LOG.info("erasure {}: {} followers, facts and jobs that came late", erasure.id(), late);
            next(erasure, COMPACT, COMPACTING, compactionLagMs);
        } else {
            expireBehind(erasure, expiring.shortestMs());
        }
    }

    /** What the channels and the topics of jobs have now is to be gone. */
    private void expireBehind(Erasure erasure, long waitMs) {
        String ends = expiring.ends();
        var unused = database.call(() -> rows.expire(erasure.id(), erasure.step(), EXPIRE, ends, waitMs));
    }

    private void expire(Erasure erasure, UUID person) {
        String ends = erasure.channelEnds();
        if (ends == null || !ExpiringTopics.haveJobs(ends)) {
            // By a version before, which did not note where the topics of jobs ended.
            expireBehind(erasure, 0);
        } else if (expiring.areGone(ends)) {
            // Of a copy that was made anew in this time.
            var unusedJobs = sweep(person);
            var unused = database.inTransaction(() -> {
                var unusedDeletions = rows.deleteDeletions(person);
                return rows.done(erasure.id());
            });
            LOG.info("erasure {}: done", erasure.id());
        } else {
            next(erasure, EXPIRE, COMPACTING, Math.clamp(expiring.shortestMs() / 10, POSTPONED_MS, FORGETTING_MS));
        }
    }

    private void next(Erasure erasure, int step, String state, long waitMs) {
        var unused = database.call(() -> rows.next(erasure.id(), erasure.step(), step, state, waitMs));
    }

    /** Whether every projection of facts about people, and of what jobs say of them, has what was in the log when this was called. */
    private boolean isCopied() {
        return projections.catchUpAll("users", Topics.USERS, Topics.FACT_PARTITIONS)
                && projections.catchUpAll("posts", Topics.POSTS, Topics.FACT_PARTITIONS)
                && projections.catchUpAll("dashboards", Topics.DASHBOARDS, Topics.FACT_PARTITIONS)
                && projections.catchUpAll("uploads", Topics.UPLOADS, Topics.FACT_PARTITIONS)
                && projections.catchUpAll("follows", Topics.FOLLOWS, Topics.FACT_PARTITIONS)
                && areJobsCopied()
                && namespaces
                        .of(new Channel("feed"))
                        .map(feed -> projections.catchUpAll("feed_entries", feed.topic(), feed.partitions()))
                        .orElse(true);
    }

    private boolean areJobsCopied() {
        return projections.catchUpAll("jobs", Topics.JOB_EVENTS, Topics.FACT_PARTITIONS)
                && projections.catchUpAll("job_logs", Topics.JOB_LOGS, Topics.FACT_PARTITIONS);
    }

    /** Takes out what tombstones do not reach; how many jobs the dispatcher was asked to forget. */
    private int sweep(UUID person) {
        int asked = jobs.forget(person);
        var unusedFiles = files.forget(person);
        int entries = database.call(() -> rows.deleteFeedEntries(person));
        var unusedFollows = database.call(() -> rows.deleteFollows(person));
        int answers = database.call(() -> rows.deleteAnswers(person.toString()));
        LOG.debug("{} entries of feeds and {} answers are gone", entries, answers);
        return asked;
    }
}
