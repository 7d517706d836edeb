package io.tailrace.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.standalone.data.RunState;
import io.tailrace.standalone.data.RunState.PartStatus;
import io.tailrace.standalone.process.Supervisor.Snapshot;
import io.tailrace.standalone.process.Supervisor.StartFailure;
import io.tailrace.standalone.supervision.Backoff;
import io.tailrace.standalone.supervision.Part;
import io.tailrace.standalone.supervision.Supervision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The supervisor over real processes: small shell scripts. */
@Timeout(300)
@Tag("server")
class SupervisorTest {
    private static final Backoff SHORT = new Backoff(1, 10, 60_000);

    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    @TempDir
    private Path folder = Path.of("");

    private volatile Snapshot latest = new Snapshot("", List.of());
    private volatile boolean diskFull;

    @AfterEach
    void end() {
        thread.shutdownNow();
    }

    @Test
    void a_child_that_is_killed_is_started_again_and_counted() throws Exception {
        // given
        Supervisor supervisor = supervisor(10_000, script("one", "exec sleep 600"));
        CompletableFuture<Optional<StartFailure>> end = run(supervisor);
        PartStatus first = await(s -> s.phase().equals(RunState.UP));
        // when
        ProcessHandle.of(first.pid()).orElseThrow().destroyForcibly();
        PartStatus second = await(
                s -> s.parts().getFirst().isReady() && s.parts().getFirst().restarts() == 1);
        // then
        assertThat(second.pid()).isNotEqualTo(first.pid());
        supervisor.requestStop();
        assertThat(end.get(30, TimeUnit.SECONDS)).isEmpty();
        assertThat(ProcessHandle.of(second.pid())).isEmpty();
    }

    @Test
    void an_observer_that_fails_does_not_end_the_supervisor() throws Exception {
        // given
        diskFull = true;
        Supervisor supervisor = supervisor(10_000, script("one", "exec sleep 600"));
        CompletableFuture<Optional<StartFailure>> end = run(supervisor);
        // when
        await(s -> s.phase().equals(RunState.UP));
        PartStatus first = latest.parts().getFirst();
        ProcessHandle.of(first.pid()).orElseThrow().destroyForcibly();
        // then
        await(s -> s.parts().getFirst().isReady() && s.parts().getFirst().restarts() == 1);
        supervisor.requestStop();
        assertThat(end.get(30, TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void a_child_that_ends_before_it_is_ready_fails_the_start_with_its_last_words() throws Exception {
        // given
        Supervisor supervisor = supervisor(10_000, script("one", "echo no room here; exit 3", () -> false));
        // when
        Optional<StartFailure> failure = run(supervisor).get(30, TimeUnit.SECONDS);
        // then
        assertThat(failure).hasValueSatisfying(f -> {
            assertThat(f.reason()).contains("exit code 3");
            assertThat(Objects.requireNonNull(f.log()).lastLines(5)).containsExactly("no room here");
        });
        assertThat(latest.phase()).isEqualTo(RunState.DOWN);
    }

    @Test
    void a_child_that_never_answers_is_given_up_and_killed() throws Exception {
        // given
        Path pid = folder.resolve("pid");
        Supervisor supervisor = supervisor(300, script("one", "echo $$ > " + pid + "; exec sleep 600", () -> false));
        // when
        Optional<StartFailure> failure = run(supervisor).get(30, TimeUnit.SECONDS);
        // then
        assertThat(failure).hasValueSatisfying(f -> assertThat(f.reason()).contains("did not come up within"));
        // The shell may have been killed before it wrote it.
        if (Files.exists(pid) && !Files.readString(pid).isBlank()) {
            long number = Long.parseLong(Files.readString(pid).strip());
            awaitTrue(() ->
                    ProcessHandle.of(number).filter(ProcessHandle::isAlive).isEmpty());
        }
    }

    @Test
    void a_child_that_does_not_listen_to_sigterm_is_killed() throws Exception {
        // given
        Path ready = folder.resolve("ready");
        Supervisor supervisor = supervisor(
                10_000,
                script(
                        "one",
                        "trap '' TERM; touch " + ready + "; while :; do sleep 0.1; done",
                        () -> Files.exists(ready)));
        CompletableFuture<Optional<StartFailure>> end = run(supervisor);
        PartStatus one = await(s -> s.phase().equals(RunState.UP));
        // when
        supervisor.requestStop();
        // then
        assertThat(end.get(30, TimeUnit.SECONDS)).isEmpty();
        assertThat(ProcessHandle.of(one.pid()).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void what_a_killed_supervisor_left_behind_is_found_and_stopped() throws Exception {
        // given
        Process orphan = new ProcessBuilder("sleep", "600").start();
        RunState state = new RunState(
                RunState.UP,
                "http://localhost:1",
                1,
                0,
                List.of(
                        status(
                                "one",
                                orphan.pid(),
                                ProcessTable.startedAtMs(orphan.pid()).orElseThrow()),
                        status("stranger", ProcessHandle.current().pid(), 1)));
        // when
        List<String> stopped = LeftBehind.by(Optional.of(state)).stop();
        // then
        assertThat(stopped).containsExactly("one (process " + orphan.pid() + ")");
        assertThat(orphan.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    private static PartStatus status(String name, long pid, long startedAtMs) {
        return new PartStatus(name, "ready", pid, startedAtMs, 0, 0, 0, "", "");
    }

    private Server script(String name, String text) {
        return script(name, text, Probe.NONE);
    }

    private Server script(String name, String text, Probe probe) {
        return new Server() {
            @Override
            public String name() {
                return name;
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

    private Supervisor supervisor(long startLimitMs, Server server) {
        Part part = new Part(server.name(), Set.of(), Set.of(), startLimitMs, 300);
        Unit unit = new ChildUnit(server, new LogFile(folder.resolve(server.name() + ".log"), 1 << 20));
        return new Supervisor(
                new Supervision(List.of(part), SHORT), Map.of(server.name(), unit), InstantSource.system(), this::show);
    }

    private void show(Snapshot snapshot) {
        latest = snapshot;
        if (diskFull) {
            throw new IllegalStateException("No space left on device");
        }
    }

    private CompletableFuture<Optional<StartFailure>> run(Supervisor supervisor) {
        CompletableFuture<Optional<StartFailure>> end = new CompletableFuture<>();
        thread.execute(() -> {
            try {
                end.complete(supervisor.run());
            } catch (Exception e) {
                end.completeExceptionally(e);
            }
        });
        return end;
    }

    private PartStatus await(Predicate<Snapshot> condition) throws Exception {
        awaitTrue(() -> !latest.parts().isEmpty() && condition.test(latest));
        return latest.parts().getFirst();
    }

    private static void awaitTrue(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
