package io.tailrace.kit.job.runtime;

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
import io.tailrace.kit.job.JobContext;
import io.tailrace.kit.job.JobHandler;
import io.tailrace.kit.job.attempt.AttemptCommands;
import io.tailrace.kit.job.attempt.JobNews;
import io.tailrace.kit.job.attempt.Outcome;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.time.MonotonicTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
 * Runs the jobs of groups of workers in this process, from {@link #start} to {@link #close}: one thread for each group and queue, one that hears the
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
    private final List<Handlers> groups;
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
            ShareGroups shareGroups,
            JobQueues queues,
            JobTypes types,
            Namespaces namespaces,
            InstantSource clock,
            MeterRegistry registry,
            Runnable prepare) {}

    /**
     * Workers that do nothing before {@link #start}.
     *
     * @param groups the handlers of each group of workers that this process is in
     * @param worker the name of this process in the log
     */
    public Workers(WorkersSettings settings, List<Handlers> groups, Ports ports, String worker) {
        this.settings = settings;
        this.groups = List.copyOf(groups);
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
        for (Handlers handlers : this.groups) {
            handlers.queues(ports.queues()).forEach(queue -> ready.add(loop(handlers, queue, ports.shareGroups())));
        }
        this.threads = new LoopThreads(
                "workers",
                ready.stream().map(ReadyLoop::loop).toList(),
                () -> {
                    ports.prepare().run();
                    this.groups.forEach(handlers -> ports.shareGroups().prepare(handlers.group()));
                },
                settings.retryLongest(),
                LAST_WORDS);
        bindTo(ports.registry());
    }

    private ReadyLoop loop(Handlers handlers, JobQueue queue, ShareGroups shareGroups) {
        boolean isOfSettings = handlers.group().equals(settings.group());
        return new ReadyLoop(
                "jobs-" + queue.name() + (isOfSettings ? "" : "-" + handlers.group()),
                queue,
                () -> member(shareGroups, handlers.group(), queue),
                backoff(),
                handlers,
                attempts,
                handler -> attempt -> run(handler, attempt),
                new ReadyLoop.Bounds(
                        settings.concurrency(),
                        settings.placeWait(),
                        settings.lockDuration().dividedBy(3)));
    }

    private void bindTo(MeterRegistry registry) {
        tail.bindTo(registry);
        ticks.bindTo(registry);
        threads.bindTo(registry);
        ready.forEach(loop -> loop.loop().bindTo(registry));
    }

    /** Takes jobs from now on, as soon as the log can be reached; returns at once. */
    public void start() {
        for (Handlers handlers : groups) {
            if (!handlers.missing().isEmpty()) {
                LOG.warn(
                        "no handler here for the types {} of the workers {}: their jobs wait until there is one",
                        handlers.missing(),
                        handlers.group());
            }
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

    /** The types whose jobs are run here. */
    public Set<String> types() {
        Set<String> all = new TreeSet<>();
        groups.forEach(handlers -> all.addAll(handlers.types()));
        return all;
    }

    /** The declared types of the groups of this process that have no handler here: their jobs wait. */
    public Set<String> missing() {
        Set<String> all = new TreeSet<>();
        groups.forEach(handlers -> all.addAll(handlers.missing()));
        return all;
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
    private ShareConsumer<byte[], byte[]> member(ShareGroups shareGroups, String group, JobQueue queue) {
        try {
            tail.awaitReady(READY_WAIT);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the log does not say where " + Topics.JOB_EVENTS + " ends", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        return shareGroups.member(group, queue);
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
