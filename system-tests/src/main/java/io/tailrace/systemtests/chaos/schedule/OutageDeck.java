package io.tailrace.systemtests.chaos.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Faults of processes, connections and the log. A deck is dealt before it is shuffled again, so that each kind has its turn. */
final class OutageDeck {
    private static final long FIRST_MS = 2_000;
    private static final long MIN_PAUSE_MS = 1_500;
    private static final long MAX_PAUSE_MS = 4_000;
    private static final int PARTITIONS = 6;

    private final SplittableRandom random;
    private final List<Supplier<Fault>> kinds;

    OutageDeck(SplittableRandom random, Scale scale) {
        this.random = random;
        this.kinds = List.of(
                () -> new Fault.Kill(edge(), between(200, 3_000)),
                () -> new Fault.Freeze(edge(), between(500, 6_000)),
                () -> new Fault.Restart(edge()),
                () -> new Fault.Kill(Fault.Part.DISPATCHER, 0),
                () -> new Fault.Freeze(Fault.Part.DISPATCHER, between(500, 8_000)),
                () -> new Fault.Kill(Fault.Part.BROKER, 0),
                () -> new Fault.Freeze(Fault.Part.BROKER, between(300, 4_000)),
                () -> new Fault.Cut((int) between(5, 100)),
                () -> new Fault.Cut((int) between(5, 50)),
                () -> new Fault.Delay((int) between(10, 60), between(20, 800), between(1_000, 5_000)),
                () -> trim(scale),
                () -> trim(scale));
    }

    List<Schedule.Step> deal(long durationMs) {
        List<Schedule.Step> steps = new ArrayList<>();
        List<Supplier<Fault>> deck = new ArrayList<>();
        for (long atMs = FIRST_MS; atMs < durationMs; atMs += between(MIN_PAUSE_MS, MAX_PAUSE_MS)) {
            if (deck.isEmpty()) {
                deck.addAll(kinds);
            }
            steps.add(new Schedule.Step(
                    atMs, deck.remove(random.nextInt(deck.size())).get()));
        }
        return steps;
    }

    private Fault.Part edge() {
        return random.nextBoolean() ? Fault.Part.EDGE_1 : Fault.Part.EDGE_2;
    }

    private Fault trim(Scale scale) {
        List<String> namespaces = scale.namespaces();
        return new Fault.Trim(namespaces.get(random.nextInt(namespaces.size())), random.nextInt(PARTITIONS));
    }

    private long between(long from, long to) {
        return random.nextLong(from, to);
    }
}
