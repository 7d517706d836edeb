package io.tailrace.workers;

import io.micronaut.context.annotation.Context;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.kafka.TopicProvisioner;
import io.tailrace.workers.drive.ProjectionLoop;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of the projections: begun with the application, ended with it. */
@Context
final class Workers {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    private final List<ProjectionLoop<?>> loops;
    private final TopicProvisioner provisioner;
    private final Namespaces namespaces;
    private final WorkersSettings settings;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    Workers(Projections projections, TopicProvisioner provisioner, Namespaces namespaces, WorkersSettings settings) {
        this.loops = projections.loops();
        this.provisioner = provisioner;
        this.namespaces = namespaces;
        this.settings = settings;
    }

    @PostConstruct
    void start() {
        for (ProjectionLoop<?> loop : loops) {
            threads.add(Thread.ofPlatform()
                    .daemon()
                    .name("projection-" + loop.name())
                    .unstarted(loop));
        }
        // Not here: Kafka may be away, and the rest of the application does not wait for it.
        threads.addFirst(Thread.ofPlatform().daemon().name("workers-start").start(this::startWhenTopicsExist));
    }

    private void startWhenTopicsExist() {
        while (!isStopping()) {
            try {
                provisioner.provision(Topics.all(namespaces));
                break;
            } catch (RuntimeException e) {
                LOG.warn("Workers wait for the topics: {}", e.getMessage());
                pause();
            }
        }
        synchronized (threads) {
            if (!isStopping()) {
                threads.stream().skip(1).forEach(Thread::start);
            }
        }
    }

    @PreDestroy
    void stop() {
        stop.countDown();
        synchronized (threads) {
            loops.forEach(ProjectionLoop::stop);
            threads.getFirst().interrupt();
        }
        long deadlineNs = System.nanoTime() + settings.stopTimeout().toNanos();
        try {
            for (Thread thread : threads) {
                long leftMs = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime()));
                thread.join(leftMs);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pause() {
        try {
            if (stop.await(settings.retryLongest().toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("Workers stop before they have begun");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop.countDown();
        }
    }

    private boolean isStopping() {
        return stop.getCount() == 0;
    }
}
