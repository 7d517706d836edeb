package io.tailrace.systemtests.chaos;

import io.tailrace.systemtests.chaos.check.LogIndex;
import io.tailrace.systemtests.chaos.schedule.Fault;
import io.tailrace.systemtests.chaos.stream.Tokens;
import io.tailrace.systemtests.chaos.world.LogReader;
import io.tailrace.systemtests.chaos.world.LogTrimmer;
import io.tailrace.systemtests.chaos.world.Outages;
import io.tailrace.systemtests.platform.Balancer;
import io.tailrace.systemtests.platform.Launcher;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.ServiceProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A Tailrace of its own with two edges behind a balancer, and what looks at its log. Whoever starts it closes it, which stops
 * everything, also what is frozen.
 */
final class World implements AutoCloseable {
    private static final Duration READY = Duration.ofSeconds(90);

    final Platform platform;
    final ServiceProcess edge1;
    final ServiceProcess edge2;
    final Balancer balancer;
    final Tokens tokens;
    final LogIndex log = new LogIndex();
    final LogReader reader;
    final LogTrimmer trimmer;
    final Outages outages;

    private World(Platform platform) throws IOException, InterruptedException {
        this.platform = platform;
        edge1 = platform.service("sse-edge");
        edge2 = platform.service("sse-edge");
        edge1.begin();
        edge2.start(READY);
        edge1.awaitReady(READY);
        balancer = new Balancer(List.of(edge1.origin(), edge2.origin()));
        tokens = new Tokens(Path.of(platform.environment("TAILRACE_SIGNING_KEY_FILE")));
        String bootstrap = platform.environment("TAILRACE_KAFKA_BOOTSTRAP");
        reader = new LogReader(bootstrap, List.of("chat", "logs", "feed"), log);
        trimmer = new LogTrimmer(bootstrap, log, reader);
        outages = new Outages(platform, Map.of(Fault.Part.EDGE_1, edge1, Fault.Part.EDGE_2, edge2));
    }

    /** Starts it. */
    static World up(Launcher launcher) throws IOException, InterruptedException {
        Platform platform = Platform.up(launcher, "sse-edge", "search", "telemetry");
        try {
            World world = new World(platform);
            world.awaitEdges();
            return world;
        } catch (IOException | InterruptedException | RuntimeException e) {
            platform.close();
            throw e;
        }
    }

    /** Waits until the balancer gives connections to both edges. */
    void awaitEdges() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + READY.toNanos();
        while (!balancer.isReady(edge1.origin()) || !balancer.isReady(edge2.origin())) {
            if (System.nanoTime() > deadline) {
                throw new IOException("the edges are not ready");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        // What is frozen goes on when its outage is interrupted.
        outages.close();
        balancer.close();
        trimmer.close();
        reader.close();
        platform.close();
    }
}
