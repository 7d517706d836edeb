package io.tailrace.systemtests.chaos;

import io.tailrace.systemtests.chaos.schedule.Fault;
import io.tailrace.systemtests.chaos.schedule.Scale;
import io.tailrace.systemtests.chaos.schedule.Schedule;
import io.tailrace.systemtests.chaos.stream.StreamClient;
import io.tailrace.systemtests.platform.Launcher;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One run: a world, a schedule that happens to it, and what the checker says. For one thread. */
public final class ChaosRun {
    private static final Duration OUTAGE_LIMIT = Duration.ofSeconds(150);
    private static final long TELL_NS = TimeUnit.SECONDS.toNanos(10);

    private final Schedule schedule;
    private final Scale scale;
    private final Consumer<String> progress;
    private final SplittableRandom random;
    private final Map<String, Integer> faults = new TreeMap<>();

    /** A run of a schedule. */
    public ChaosRun(Schedule schedule, Scale scale, Consumer<String> progress) {
        this.schedule = schedule;
        this.scale = scale;
        this.progress = progress;
        this.random = new SplittableRandom(schedule.seed());
    }

    /** Starts everything, lets it happen, checks, stops everything. */
    public Result run(Launcher launcher) throws IOException, InterruptedException {
        progress.accept("starting");
        try (World world = World.up(launcher);
                Load load = new Load(world, schedule, scale)) {
            load.awaitOpen();
            happen(world, load);
            progress.accept("the schedule is over; waiting until everything runs again");
            load.failed(world.outages.await(OUTAGE_LIMIT));
            world.awaitEdges();
            progress.accept(load.state() + "; waiting until each client has everything");
            load.end();
            List<String> wrong = load.wrong();
            if (!wrong.isEmpty()) {
                Diaries.keep(load.clients(), launcher.data());
            }
            return new Result(
                    schedule.seed(),
                    schedule.durationMs(),
                    load.clients().size(),
                    faults,
                    load.numbers(),
                    load.counts(),
                    wrong,
                    wrong.isEmpty() ? "" : launcher.data().toString());
        }
    }

    private void happen(World world, Load load) throws InterruptedException {
        long beginNs = System.nanoTime();
        long toldNs = beginNs;
        for (Schedule.Step step : schedule.steps()) {
            TimeUnit.NANOSECONDS.sleep(beginNs + TimeUnit.MILLISECONDS.toNanos(step.atMs()) - System.nanoTime());
            inject(step.fault(), world, load.clients());
            faults.merge(step.fault().kind(), 1, Integer::sum);
            progress.accept(
                    String.format(Locale.ROOT, "%6.1f s  %s", (System.nanoTime() - beginNs) / 1e9, step.fault()));
            if (System.nanoTime() - toldNs > TELL_NS) {
                toldNs = System.nanoTime();
                progress.accept(load.state());
            }
        }
    }

    private void inject(Fault fault, World world, List<StreamClient> clients) {
        switch (fault) {
            case Fault.Kill(Fault.Part part, long downMs) -> world.outages.kill(part, downMs);
            case Fault.Freeze(Fault.Part part, long forMs) -> world.outages.freeze(part, forMs);
            case Fault.Restart(Fault.Part part) -> world.outages.restart(part);
            case Fault.Cut(int percent) -> world.balancer.cut(percent, random);
            case Fault.Delay(int percent, long delayMs, long forMs) -> {
                world.balancer.delay(percent, delayMs, random);
                aside(() -> {
                    TimeUnit.MILLISECONDS.sleep(forMs);
                    world.balancer.endDelays();
                });
            }
            case Fault.Trim(String namespace, int partition) -> aside(() -> world.trimmer.trim(namespace, partition));
            case Fault.Slow(int client, long forMs) -> clients.get(client).pause(forMs);
            case Fault.Away(int client, long forMs) -> clients.get(client).leave(forMs);
            case Fault.Renew(int client) -> clients.get(client).renew();
            case Fault.Revoke(int client, String channel) -> clients.get(client).revoke(channel);
            case Fault.Grant(int client, String channel, String start) ->
                clients.get(client).add(channel, start);
            case Fault.Add(int client, String channel, String start) ->
                clients.get(client).add(channel, start);
            case Fault.Remove(int client, String channel) -> clients.get(client).remove(channel);
            case Fault.Trespass(int client, String channel) ->
                clients.get(client).trespass(channel);
        }
    }

    /** Something that takes time, while the schedule goes on. */
    @FunctionalInterface
    private interface Lasting {
        void happen() throws InterruptedException;
    }

    private static void aside(Lasting lasting) {
        Thread.ofVirtual().start(() -> {
            try {
                lasting.happen();
            } catch (InterruptedException e) {
                // The run is over.
            }
        });
    }
}
