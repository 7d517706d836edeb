package io.tailrace.workers.runtime;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.job.JobQueue;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.contracts.job.JobTypes;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.Loop;
import io.tailrace.kit.consume.LoopThreads;
import io.tailrace.kit.consume.SupervisedLoop;
import io.tailrace.kit.consume.TopicTail;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.time.MonotonicTime;
import io.tailrace.workers.WorkersSettings;
import io.tailrace.workers.attempt.AttemptCommands;
import io.tailrace.workers.attempt.JobNews;
import io.tailrace.workers.attempt.Outcome;
import io.tailrace.workers.job.JobContext;
import io.tailrace.workers.job.JobHandler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the jobs of a group of workers in this process, from {@link #start} to {@link #close}: one thread for each queue, one that hears the
 * dispatcher's answers, and one that looks what is due. Handlers run on virtual threads, those others do not, so that they go on
 * whatever handlers do to their carriers. Thread-safe.
 */
public final class Workers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final long TICK_MS = 50;
    private static final long LOG_MS = 200;
    private static final Duration READY_WAIT = Duration.ofSeconds(30);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final WorkersSettings settings;
    private final Handlers handlers;
    private final Attempts attempts;
    private final InstantSource clock;
    private final TopicTail tail;
    private final SupervisedLoop ticks;
    private final Thread ticking;
    private final List<ReadyLoop> ready = new ArrayList<>();
    private final LoopThreads threads;
    private final Children children;

    /**
     * What they stand between.
     *
     * @param producer for commands; whoever made it closes it after the workers
     * @param prepare what must have happened before jobs are taken, for example that topics exist; tried again when it throws
     */
    public record Ports(
            KafkaSettings kafka,
            Producer<byte[], byte[]> producer,
            ShareGroups groups,
            JobQueues queues,
            JobTypes types,
            Namespaces namespaces,
            InstantSource clock,
            MeterRegistry registry,
            Runnable prepare) {}

    /** Workers that do nothing before {@link #start}. */
    public Workers(WorkersSettings settings, Handlers handlers, Ports ports, String worker) {
        this.settings = settings;
        this.handlers = handlers;
        this.clock = ports.clock();
        CommandLog log = new CommandLog(ports.producer());
        AttemptCommands commands = new AttemptCommands(worker, clock);
        this.children = new Children(ports.types(), log, commands);
        this.attempts = new Attempts(
                log,
                new LogLines(ports.producer(), ports.namespaces(), UUID::randomUUID, clock),
                commands,
                UUID::randomUUID,
                MonotonicTime::nowMs,
                new Attempt.Times(
                        settings.answerTimeout().toMillis(),
                        settings.progressInterval().toMillis(),
                        settings.writeOffAfter().toMillis(),
                        LOG_MS),
                settings.maxWrittenOff(),
                ports.registry());
        this.tail = new TopicTail(
                "jobs-answers",
                Topics.JOB_EVENTS,
                Topics.FACT_PARTITIONS,
                () -> new KafkaConsumer<>(answers(ports.kafka(), settings)),
                backoff(),
                record -> {
                    JobNews news = JobNews.read(record, attempts::isCommand, attempts::isJob);
                    if (news != null) {
                        attempts.hear(news);
                    }
                });
        this.ticks = new SupervisedLoop("jobs-clock", backoff(), this::tick);
        this.ticking = Thread.ofPlatform().daemon().name("jobs-clock").unstarted(ticks);
        ports.queues()
                .all()
                .forEach(queue -> ready.add(new ReadyLoop(
                        queue,
                        () -> member(ports.groups(), queue),
                        backoff(),
                        handlers,
                        attempts,
                        handler -> attempt -> run(handler, attempt),
                        new ReadyLoop.Bounds(
                                settings.concurrency(),
                                settings.placeWait(),
                                settings.lockDuration().dividedBy(3)))));
        this.threads = new LoopThreads(
                "workers",
                ready.stream().map(ReadyLoop::loop).toList(),
                () -> {
                    ports.prepare().run();
                    ports.groups().prepare();
                },
                settings.retryLongest(),
                LAST_WORDS);
        bindTo(ports.registry());
    }

    private void bindTo(MeterRegistry registry) {
        tail.bindTo(registry);
        ticks.bindTo(registry);
        threads.bindTo(registry);
        ready.forEach(loop -> loop.loop().bindTo(registry));
    }

    /** Takes jobs from now on, as soon as the log can be reached; returns at once. */
    public void start() {
        if (!handlers.missing().isEmpty()) {
            LOG.warn(
                    "no handler here for the types {} of the workers {}: their jobs wait until there is one",
                    handlers.missing(),
                    settings.group());
        }
        tail.start();
        ticking.start();
        threads.start();
    }

    /** All that must go on. */
    public List<Loop> loops() {
        List<Loop> all = new ArrayList<>(threads.loops());
        all.add(tail.loop());
        all.add(ticks);
        return all;
    }

    /** The handlers of this process. */
    public Handlers handlers() {
        return handlers;
    }

    /** Handlers that were interrupted and go on, for which nobody waits. */
    public int writtenOff() {
        return attempts.meters().writtenOff();
    }

    /** Attempts that run, begin or end. */
    public int running() {
        return attempts.size();
    }

    /** A member that is there when its answers will be heard. */
    private ShareConsumer<byte[], byte[]> member(ShareGroups groups, JobQueue queue) {
        try {
            tail.awaitReady(READY_WAIT);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the log does not say where " + Topics.JOB_EVENTS + " ends", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        return groups.member(queue);
    }

    private <T> Outcome run(JobHandler<T> handler, Attempt attempt) {
        JobContext context = new HandlerContext(attempt, children, clock);
        return Handlers.run(handler, attempt.job(), context);
    }

    private void tick(SupervisedLoop self) {
        while (!self.isStopping()) {
            attempts.tick();
            self.succeeded();
            self.pause(TICK_MS);
        }
    }

    /** Takes no more jobs, lets the attempts end within the grace, and hands the others back. */
    @Override
    public void close() {
        ready.forEach(ReadyLoop::stop);
        threads.close();
        try {
            if (!attempts.awaitNone(settings.stopGrace())) {
                attempts.stopAll();
                if (!attempts.awaitNone(LAST_WORDS)) {
                    attempts.giveUp();
                    if (!attempts.awaitNone(LAST_WORDS)) {
                        LOG.warn("{} attempts end with this process; their leases run out", attempts.size());
                    }
                }
            }
            ticks.stop();
            ticking.join(LAST_WORDS.toMillis());
            tail.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Backoff backoff() {
        return new Backoff(settings.retryFirst(), settings.retryLongest(), RandomGenerator.getDefault());
    }

    private static Map<String, Object> answers(KafkaSettings kafka, WorkersSettings settings) {
        Map<String, Object> config = kafka.consumer("tailrace-workers-answers");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.readPollRecords());
        config.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        config.put(
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                Math.toIntExact(settings.brokerTimeout().toMillis()));
        config.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        return config;
    }
}
