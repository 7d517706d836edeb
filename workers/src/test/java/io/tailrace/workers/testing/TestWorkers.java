package io.tailrace.workers.testing;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.contracts.job.JobTypes;
import io.tailrace.kit.job.JobHandler;
import io.tailrace.kit.job.runtime.Handlers;
import io.tailrace.kit.job.runtime.ShareGroups;
import io.tailrace.kit.job.runtime.Workers;
import io.tailrace.kit.job.runtime.WorkersSettings;
import io.tailrace.kit.kafka.KafkaSettings;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.config.ConfigResource;

/** Workers of a test, in a share group of its own, with the types that it declares. They are stopped with this. */
public final class TestWorkers implements AutoCloseable {
    private static final String PREFIX = "test-workers-";
    private static final AtomicInteger GROUPS = new AtomicInteger();

    private final String group = "test" + GROUPS.incrementAndGet();
    private final StringBuilder declared = new StringBuilder();
    private final List<Workers> running = new ArrayList<>();
    private int concurrency = 16;
    private Duration stopGrace = Duration.ofSeconds(20);

    /** The group of these workers. */
    public String group() {
        return group;
    }

    /**
     * Has the broker give the partitions of a worker that is killed or frozen to others within seconds, as it does otherwise within
     * {@code group.share.session.timeout.ms}. To be called before the first worker is there.
     */
    public void expireSoon() throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, PREFIX + group);
        try (Admin admin = Admin.create(TestBroker.shared().settings().admin("test-workers"))) {
            var unused = admin.incrementalAlterConfigs(Map.of(
                            resource,
                            List.of(
                                    // Compared with its default of 5 s otherwise, whatever the broker's is.
                                    set("share.heartbeat.interval.ms", "200"),
                                    set("share.session.timeout.ms", "3000"))))
                    .all()
                    .get();
        }
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }

    /** Declares a type of this group. */
    public TestWorkers type(String name) {
        return type(name, group);
    }

    /** Declares a type of another group. */
    public TestWorkers type(String name, String workers) {
        declared.append(name)
                .append(".queue=default\n")
                .append(name)
                .append(".workers=")
                .append(workers)
                .append('\n');
        return this;
    }

    /** How many attempts workers that are started from now on run at a time. */
    public TestWorkers concurrency(int attempts) {
        concurrency = attempts;
        return this;
    }

    /** How long those wait for their attempts when they stop. */
    public TestWorkers stopGrace(Duration grace) {
        stopGrace = grace;
        return this;
    }

    /** Starts workers with these handlers. */
    public Workers start(JobHandler<?>... handlers) {
        return startIn(group, handlers);
    }

    /** The same in another group. */
    public Workers startIn(String otherGroup, JobHandler<?>... handlers) {
        return startIn(List.of(otherGroup), handlers);
    }

    /** The same in one process that is in several groups. */
    public Workers startIn(List<String> groups, JobHandler<?>... handlers) {
        Workers workers = make(
                TestBroker.shared().settings(),
                TestBroker.shared().producer(),
                groups,
                types(declared.toString()),
                concurrency,
                stopGrace,
                handlers);
        running.add(workers);
        workers.start();
        return workers;
    }

    /**
     * Workers of a group for jobs of one type, in a process of its own; not started yet.
     *
     * @param producer writes what they say of their attempts; whoever made it closes it
     */
    public static Workers alone(
            KafkaSettings kafka, Producer<byte[], byte[]> producer, String group, JobHandler<?> handler) {
        String declared = handler.type() + ".queue=default\n" + handler.type() + ".workers=" + group + "\n";
        return make(kafka, producer, List.of(group), types(declared), 16, Duration.ofSeconds(20), handler);
    }

    /** Workers with short times. */
    static Workers make(
            KafkaSettings kafka,
            Producer<byte[], byte[]> producer,
            List<String> groups,
            JobTypes types,
            int concurrency,
            Duration stopGrace,
            JobHandler<?>... handlers) {
        WorkersSettings settings = new WorkersSettings(
                groups.getFirst(),
                PREFIX,
                concurrency,
                256,
                Duration.ofMillis(300),
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                Duration.ofMillis(50),
                Duration.ofMillis(500),
                2,
                stopGrace,
                Duration.ofSeconds(5),
                1000,
                Duration.ofMillis(500),
                Duration.ofSeconds(10),
                Duration.ofMillis(50),
                Duration.ofMillis(500));
        JobQueues queues =
                JobQueues.of(List.of(JobQueues.builtIn().of(TestJobs.QUEUE).orElseThrow()));
        return new Workers(
                settings,
                groups.stream()
                        .map(group -> new Handlers(List.of(handlers), types, group))
                        .toList(),
                new Workers.Ports(
                        kafka,
                        producer,
                        new ShareGroups(kafka, settings),
                        queues,
                        types,
                        Namespaces.builtIn(),
                        InstantSource.system(),
                        new SimpleMeterRegistry(),
                        () -> {}),
                "worker-" + UUID.randomUUID());
    }

    /** The types of a declaration. */
    static JobTypes types(String declared) {
        try {
            return JobTypes.read(new StringReader(declared));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        running.forEach(Workers::close);
    }
}
