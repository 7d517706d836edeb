package io.tailrace.edge.simulation;

import io.tailrace.edge.stream.CloseReason;
import io.tailrace.edge.stream.LoopStats;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** One schedule: everything that happens follows from the seed. */
final class Simulation {
    private static final int STEPS = 220;
    private static final int SETTLE_ROUNDS = 3_000;

    /** A sink may be over its limit by one append, one frame and the control frames of one turn. */
    private static final int SLACK_BYTES = 12_000;

    private final Random random;
    private final SimLog log;
    private final List<SimEdge> edges = new ArrayList<>();
    private final Set<SimEdge> draining = new LinkedHashSet<>();
    private final List<SimClient> clients = new ArrayList<>();
    private final SimWallClock wallClock;
    private long nowMs = 1_000_000;

    Simulation(long seed) {
        this(seed, true, true);
    }

    /**
     * A schedule.
     *
     * @param clockSteps whether somebody sets the wall clock now and then
     * @param tokensEnd whether some tokens end during it
     */
    Simulation(long seed, boolean clockSteps, boolean tokensEnd) {
        wallClock = new SimWallClock(seed, clockSteps);
        random = new Random(seed * 0x9e3779b97f4a7c15L);
        log = new SimLog(random);
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            edges.add(new SimEdge(log, random, nowMs));
        }
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            clients.add(new SimClient(log, random, tokensEnd));
        }
    }

    void run() {
        for (int i = 0; i < STEPS; i++) {
            step();
            check();
        }
        settle();
    }

    /** Of everything that all clients have read, and of how it came to them. */
    int fingerprint() {
        return Arrays.hashCode(clients.stream().mapToInt(SimClient::fingerprint).toArray());
    }

    private void step() {
        wallClock.maybeStep();
        SimEdge edge = edges.get(random.nextInt(edges.size()));
        SimClient client = clients.get(random.nextInt(clients.size()));
        int dice = random.nextInt(1000);
        if (dice < 200) {
            log.append();
        } else if (dice < 400) {
            edge.step(nowMs, true);
        } else if (dice < 620) {
            edge.loops.get(random.nextInt(edge.loops.size())).step(nowMs, false);
        } else if (dice < 800) {
            client.read(false);
        } else if (dice < 870) {
            if (!client.isConnected()) {
                client.connect(edge.loops.get(random.nextInt(edge.loops.size())), nowMs, wallClock, true);
            }
        } else if (dice < 890) {
            client.cut(false);
        } else if (dice < 920) {
            client.change();
        } else if (dice < 930) {
            client.revoke();
        } else if (dice < 940) {
            log.elect();
        } else if (dice < 980) {
            nowMs += random.nextInt(20) == 0 ? 10_000 : random.nextInt(700);
            edge.loops.forEach(loop -> loop.core.tick(nowMs, wallClock.wallMs(nowMs)));
        } else {
            rare(edge, dice);
        }
    }

    private void rare(SimEdge edge, int dice) {
        switch (dice % 10) {
            case 0, 1, 2 -> log.deleteOldest();
            case 3, 4 -> log.recreate(1 + random.nextInt(log.topics()));
            case 5 -> {
                draining.add(edge);
                edge.loops.forEach(loop -> loop.core.drain(nowMs, 2_000));
            }
            case 6 -> edge.loops.forEach(loop -> loop.core.closeOldest(CloseReason.OVERLOADED));
            case 7 -> kill(edge);
            default -> nowMs += 100;
        }
    }

    private void kill(SimEdge edge) {
        clients.stream().filter(client -> client.isOn(edge)).forEach(client -> client.cut(true));
        edges.set(edges.indexOf(edge), new SimEdge(log, random, nowMs));
        draining.remove(edge);
    }

    private void check() {
        clients.forEach(client -> client.requireBounded(SLACK_BYTES));
        for (SimEdge edge : edges) {
            for (SimLoop loop : edge.loops) {
                loop.requireOnlyPlannedFaults();
                LoopStats stats = loop.core.stats();
                loop.requireBounded(stats, edge.settings);
                // The newest batch stays whatever its size.
                long bound = stats.partitions() * (edge.settings.windowBytes() + 16_000);
                if (stats.windowBytes() > bound
                        || stats.replayCacheBytes() > edge.settings.replayCacheBytes() + 16_000) {
                    throw new AssertionError("unbounded: " + stats);
                }
            }
        }
    }

    /** No more chaos: every client must get everything. */
    private void settle() {
        List.copyOf(draining).forEach(this::kill);
        for (int round = 0; round < SETTLE_ROUNDS; round++) {
            nowMs += 400;
            for (SimClient client : clients) {
                client.read(true);
                if (!client.isConnected()) {
                    SimEdge edge = edges.get(random.nextInt(edges.size()));
                    client.connect(edge.loops.get(random.nextInt(edge.loops.size())), nowMs, wallClock, false);
                }
            }
            for (SimEdge edge : edges) {
                edge.loops.forEach(loop -> loop.core.tick(nowMs, wallClock.wallMs(nowMs)));
                edge.settle(nowMs);
                edge.loops.forEach(SimLoop::requireOnlyPlannedFaults);
            }
            boolean quiet = edges.stream().allMatch(SimEdge::isQuiet);
            if (quiet && clients.stream().allMatch(SimClient::hasEverything)) {
                clients.forEach(SimClient::requireAtHead);
                return;
            }
        }
        StringBuilder stuck = new StringBuilder("it never came to rest:");
        clients.forEach(client -> stuck.append("\n  ").append(client));
        for (SimEdge edge : edges) {
            edge.loops.forEach(loop -> stuck.append("\n  ").append(loop.core.stats()));
        }
        throw new AssertionError(stuck);
    }
}
