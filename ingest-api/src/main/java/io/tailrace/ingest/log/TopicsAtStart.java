package io.tailrace.ingest.log;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Context;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.Loop;
import io.tailrace.kit.consume.SupervisedLoop;
import io.tailrace.kit.kafka.TopicProvisioner;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Brings the topics into being when the service starts, without holding up the start: Kafka may be away, and what needs it
 * is answered 503 until it is there.
 */
@Context
public final class TopicsAtStart {
    private static final Duration RETRY_FIRST = Duration.ofSeconds(1);
    private static final Duration RETRY_LONGEST = Duration.ofSeconds(5);

    private final TopicProvisioner provisioner;
    private final Namespaces namespaces;
    private final SupervisedLoop loop = new SupervisedLoop(
            "topics-at-start", new Backoff(RETRY_FIRST, RETRY_LONGEST, RandomGenerator.getDefault()), this::run);
    private final Thread thread = Thread.ofVirtual().name(loop.name()).unstarted(loop);

    TopicsAtStart(TopicProvisioner provisioner, Namespaces namespaces, MeterRegistry meters) {
        loop.bindTo(meters);
        this.provisioner = provisioner;
        this.namespaces = namespaces;
    }

    @PostConstruct
    void start() {
        thread.start();
    }

    /** How it is; well when the topics are there. */
    public Loop loop() {
        return loop;
    }

    @PreDestroy
    void stop() {
        loop.stop();
        thread.interrupt();
    }

    private void run(SupervisedLoop self) {
        var unused = provisioner.provision(Topics.all(namespaces));
        self.done();
    }
}
