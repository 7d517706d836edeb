package io.tailrace.ingest.rekey;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.topic.TopicSpec;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.sql.SessionLocks;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.Loop;
import io.tailrace.kit.consume.SupervisedLoop;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.kafka.TopicProvisioner;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes topics from before their facts could be erased ones that are compacted by fact: posts, audit records and dead letters. Of
 * all processes one does it, by an advisory lock of PostgreSQL; the others wait until it is done. Where a topic is compacted
 * already, which is so everywhere but once, there is nothing to do.
 *
 * <p>Thread-safe: {@link #isDone} may be asked by any thread.
 */
@Context
public final class TopicRekeying {
    private static final Logger LOG = LoggerFactory.getLogger(TopicRekeying.class);

    /** Any number that nobody else uses: "tailrace" and "posts", hashed. */
    private static final long LOCK = 0x7a11_ace0_905fL;

    private static final Duration RETRY_FIRST = Duration.ofSeconds(1);
    private static final Duration RETRY_LONGEST = Duration.ofSeconds(30);
    private static final long LOOK_AGAIN_MS = 1_000;

    private final KafkaSettings kafka;
    private final TopicProvisioner provisioner;
    private final List<Rekeying> topics;
    private final SessionLocks locks;
    private final SupervisedLoop loop = new SupervisedLoop(
            "topic-keys", new Backoff(RETRY_FIRST, RETRY_LONGEST, RandomGenerator.getDefault()), this::run);
    private final Thread thread = Thread.ofVirtual().name(loop.name()).unstarted(loop);
    private final Set<String> done = ConcurrentHashMap.newKeySet();

    TopicRekeying(
            KafkaSettings kafka,
            TopicProvisioner provisioner,
            Namespaces namespaces,
            SessionLocks locks,
            MeterRegistry meters) {
        this.kafka = kafka;
        this.provisioner = provisioner;
        List<TopicSpec> specs = Topics.all(namespaces);
        this.topics = List.of(
                Rekeying.posts(named(specs, Topics.POSTS)),
                Rekeying.audit(named(specs, Topics.AUDIT)),
                Rekeying.deadLetters(named(specs, Topics.DEAD_LETTERS)));
        this.locks = locks;
        loop.bindTo(meters);
    }

    private static TopicSpec named(List<TopicSpec> specs, String name) {
        return specs.stream()
                .filter(spec -> spec.name().equals(name))
                .findFirst()
                .orElseThrow();
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

    /** How it is; well when the topics are as they must be. */
    public Loop loop() {
        return loop;
    }

    /** Whether every fact of a topic has a key of its own, so that a tombstone erases it and nothing brings it back. */
    public boolean isDone(String topic) {
        return done.contains(topic);
    }

    /** Whether that is so of all topics. */
    public boolean isDone() {
        return topics.stream().allMatch(topic -> isDone(topic.topic().name()));
    }

    private void run(SupervisedLoop self) {
        for (Rekeying each : topics) {
            run(self, each);
        }
        if (isDone()) {
            self.done();
        }
    }

    private void run(SupervisedLoop self, Rekeying each) {
        TopicSpec topic = each.topic();
        var unused = provisioner.provision(List.of(topic));
        while (!self.isStopping() && !isDone(topic.name())) {
            if (provisioner.plan(List.of(topic)).losses().isEmpty()) {
                var unusedNew = done.add(topic.name());
            } else if (locks.holding(LOCK, () -> rekey(self, each)).isEmpty()) {
                self.pause(LOOK_AGAIN_MS);
            }
            self.succeeded();
        }
    }

    /** Holds the lock. What a process does that has lost it unawares is refused by the brokers: there is one producer. */
    private boolean rekey(SupervisedLoop self, Rekeying each) {
        TopicSpec topic = each.topic();
        try (RekeyedLog log = new RekeyedLog(kafka, each)) {
            // Whoever came before may have finished since this one looked, and its producer is fenced off now.
            if (provisioner.plan(List.of(topic)).losses().isEmpty()) {
                return true;
            }
            LOG.info("Giving each record of {} a key of its own", topic.name());
            long copied = log.copyAll();
            LOG.info("{} records of {} have keys of their own now", copied, topic.name());
            while (!self.isStopping() && !log.isReadByFeeds()) {
                self.pause(LOOK_AGAIN_MS);
            }
            if (!self.isStopping()) {
                var unused = provisioner.provision(List.of(topic), true);
                LOG.info("{} is compacted from now on", topic.name());
            }
        }
        return true;
    }
}
