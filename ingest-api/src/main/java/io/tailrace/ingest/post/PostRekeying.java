package io.tailrace.ingest.post;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.topic.TopicSpec;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.Loop;
import io.tailrace.kit.consume.SupervisedLoop;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.kafka.TopicProvisioner;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a topic of posts from before posts could be deleted one that is compacted by post. Of all processes one does it, by an
 * advisory lock of PostgreSQL; the others wait until it is done. Where the topic is compacted already, which is so
 * everywhere but once, there is nothing to do.
 *
 * <p>Thread-safe: {@link #isDone()} may be asked by any thread.
 */
@Context
public final class PostRekeying {
    private static final Logger LOG = LoggerFactory.getLogger(PostRekeying.class);

    /** Any number that nobody else uses: "tailrace" and "posts", hashed. */
    private static final long LOCK = 0x7a11_ace0_905fL;

    private static final Duration RETRY_FIRST = Duration.ofSeconds(1);
    private static final Duration RETRY_LONGEST = Duration.ofSeconds(30);
    private static final long LOOK_AGAIN_MS = 1_000;

    private final KafkaSettings kafka;
    private final TopicProvisioner provisioner;
    private final TopicSpec posts;
    private final PostRows rows;
    private final Database database;
    private final SupervisedLoop loop = new SupervisedLoop(
            "post-keys", new Backoff(RETRY_FIRST, RETRY_LONGEST, RandomGenerator.getDefault()), this::run);
    private final Thread thread = Thread.ofVirtual().name(loop.name()).unstarted(loop);
    private volatile boolean done;

    PostRekeying(
            KafkaSettings kafka,
            TopicProvisioner provisioner,
            Namespaces namespaces,
            PostRows rows,
            Database database,
            MeterRegistry meters) {
        this.kafka = kafka;
        this.provisioner = provisioner;
        this.posts = Topics.all(namespaces).stream()
                .filter(spec -> spec.name().equals(Topics.POSTS))
                .findFirst()
                .orElseThrow();
        this.rows = rows;
        this.database = database;
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

    /** How it is; well when the topic is as it must be. */
    public Loop loop() {
        return loop;
    }

    /** Whether every post has a key of its own, so that a tombstone deletes it and nothing brings it back. */
    public boolean isDone() {
        return done;
    }

    private void run(SupervisedLoop self) throws Exception {
        var unused = provisioner.provision(List.of(posts));
        while (!self.isStopping()) {
            if (provisioner.plan(List.of(posts)).losses().isEmpty()) {
                done = true;
                self.done();
                return;
            }
            boolean mine = database.inTransaction(() -> rows.tryLock(LOCK) && rekey(self));
            if (!mine) {
                self.pause(LOOK_AGAIN_MS);
            }
            self.succeeded();
        }
    }

    /** Holds the lock. What a process does that has lost it unawares is refused by the brokers: there is one producer. */
    private boolean rekey(SupervisedLoop self) {
        try (RekeyedLog log = new RekeyedLog(kafka, posts)) {
            // Whoever came before may have finished since this one looked, and its producer is fenced off now.
            if (provisioner.plan(List.of(posts)).losses().isEmpty()) {
                return true;
            }
            LOG.info("Giving each record of {} a key of its own", posts.name());
            long copied = log.copyAll();
            LOG.info("{} records of {} have keys of their own now", copied, posts.name());
            while (!self.isStopping() && !log.isReadByFeeds()) {
                self.pause(LOOK_AGAIN_MS);
            }
            if (!self.isStopping()) {
                var unused = provisioner.provision(List.of(posts), true);
                LOG.info("{} is compacted from now on", posts.name());
            }
        }
        return true;
    }
}
