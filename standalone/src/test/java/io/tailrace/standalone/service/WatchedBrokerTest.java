package io.tailrace.standalone.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.standalone.data.RunState;
import io.tailrace.standalone.process.ChildUnit;
import io.tailrace.standalone.process.Launch;
import io.tailrace.standalone.process.LogFile;
import io.tailrace.standalone.process.Probe;
import io.tailrace.standalone.process.Server;
import io.tailrace.standalone.process.Supervisor;
import io.tailrace.standalone.process.Supervisor.Snapshot;
import io.tailrace.standalone.process.Unit;
import io.tailrace.standalone.supervision.Backoff;
import io.tailrace.standalone.supervision.CoordinatorWatch;
import io.tailrace.standalone.supervision.CoordinatorWatch.Answer;
import io.tailrace.standalone.supervision.Part;
import io.tailrace.standalone.supervision.Supervision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker under the supervisor, played by a shell script; what its coordinators answer is played, too. */
@Timeout(300)
class WatchedBrokerTest {
    private static final Answer UNABLE = new Answer.Answered(Set.of("offsets-2"));
    private static final Answer ABLE = new Answer.Answered(Set.of());

    @TempDir
    private Path folder = Path.of("");

    private final AtomicInteger rounds = new AtomicInteger();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Queue<String> details = new ConcurrentLinkedQueue<>();
    private volatile Answer answer = ABLE;
    private volatile Snapshot latest = new Snapshot("", List.of());
    private @Nullable Supervisor supervisor;
    private @Nullable Thread running;

    @AfterEach
    void end() throws InterruptedException {
        if (supervisor != null && running != null) {
            supervisor.requestStop();
            assertThat(running.join(Duration.ofSeconds(60)))
                    .as("the supervisor has ended")
                    .isTrue();
        }
    }

    @Test
    void a_broker_whose_coordinator_has_failed_is_started_again_and_says_why() throws Exception {
        // given
        up(script("exec sleep 600", Probe.NONE), 3);
        long first = process();
        // when
        answer = UNABLE;
        await(() -> latest.parts().getFirst().restarts() >= 1);
        answer = ABLE;
        // then
        await(() -> latest.parts().getFirst().isReady());
        assertThat(details).anyMatch(detail -> detail.contains("was ended because its coordinators of offsets-2"));
        assertThat(process()).isNotEqualTo(first);
        assertThat(meters.get("tailrace.up.broker.restarts").functionCounter().count())
                .isEqualTo(latest.parts().getFirst().restarts());
    }

    @Test
    void a_broker_that_a_restart_does_not_cure_is_left_alone_after_the_last_one() throws Exception {
        // given
        answer = UNABLE;
        up(script("exec sleep 600", Probe.NONE), 2);
        // when
        await(() -> latest.parts().getFirst().restarts() == 2
                && latest.parts().getFirst().isReady());
        long last = process();
        int seen = rounds.get();
        await(() -> rounds.get() > seen + 100);
        // then
        assertThat(process()).isEqualTo(last);
        assertThat(latest.parts().getFirst().restarts()).isEqualTo(2);
        assertThat(meters.get("tailrace.up.coordinators.unable").gauge().value())
                .isEqualTo(1);
    }

    @Test
    void a_broker_that_does_not_listen_to_sigterm_is_killed_and_started_again() throws Exception {
        // given
        Path ready = folder.resolve("ready");
        up(script("trap '' TERM; touch " + ready + "; while :; do sleep 0.1; done", () -> Files.exists(ready)), 3);
        long first = process();
        // when
        answer = UNABLE;
        await(() -> latest.parts().getFirst().restarts() >= 1);
        answer = ABLE;
        // then
        await(() -> latest.parts().getFirst().isReady());
        assertThat(ProcessHandle.of(first).filter(ProcessHandle::isAlive)).isEmpty();
    }

    /** Its patience is a few rounds, so that a restart under way is over before the next is due. */
    private void up(Server server, int maxRestarts) throws Exception {
        WatchedBroker broker = new WatchedBroker(
                new ChildUnit(server, new LogFile(folder.resolve("log"), 1 << 20)),
                () -> {
                    rounds.incrementAndGet();
                    return answer;
                },
                new CoordinatorWatch(new CoordinatorWatch.Limits(5, maxRestarts, 600_000)),
                Duration.ofMillis(2),
                Duration.ofMillis(300));
        broker.bindTo(meters);
        Part part = new Part("kafka", Set.of(), Set.of(), 10_000, 300);
        Supervisor started = new Supervisor(
                // Why it ended is shown until it is started again: never, if that is due before the supervisor has
                // shown it.
                new Supervision(List.of(part), new Backoff(200, 200, 60_000)),
                Map.of("kafka", broker),
                InstantSource.system(),
                snapshot -> {
                    details.add(snapshot.parts().getFirst().detail());
                    latest = snapshot;
                });
        supervisor = started;
        running = Thread.ofPlatform().start(() -> {
            try {
                var unused = started.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        await(() -> latest.phase().equals(RunState.UP));
    }

    private long process() {
        return latest.parts().getFirst().pid();
    }

    private Server script(String text, Probe probe) {
        return new Server() {
            @Override
            public String name() {
                return "kafka";
            }

            @Override
            public int port() {
                return 0;
            }

            @Override
            public Launch prepare(Unit.Progress progress) {
                return Launch.of(List.of("/bin/sh", "-c", text), Map.of(), folder);
            }

            @Override
            public Probe probe() {
                return probe;
            }
        };
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
