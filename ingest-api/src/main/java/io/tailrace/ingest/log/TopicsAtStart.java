package io.tailrace.ingest.log;

import io.micronaut.context.annotation.Context;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.kafka.TopicProvisioner;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the topics into being when the service starts, without holding up the start: Kafka may be away, and what needs it
 * is answered 503 until it is there.
 */
@Context
final class TopicsAtStart {
    private static final Logger LOG = LoggerFactory.getLogger(TopicsAtStart.class);
    private static final long RETRY_MS = 5_000;

    private final TopicProvisioner provisioner;
    private final Namespaces namespaces;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("topics-at-start").unstarted(this::run);

    TopicsAtStart(TopicProvisioner provisioner, Namespaces namespaces) {
        this.provisioner = provisioner;
        this.namespaces = namespaces;
    }

    @PostConstruct
    void start() {
        thread.start();
    }

    @PreDestroy
    void stop() {
        stop.countDown();
        thread.interrupt();
    }

    private void run() {
        try {
            do {
                try {
                    var unused = provisioner.provision(Topics.all(namespaces));
                    return;
                } catch (RuntimeException e) {
                    if (stop.getCount() > 0) {
                        LOG.warn("The topics are not there yet: {}", e.getMessage());
                    }
                }
            } while (!stop.await(RETRY_MS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
