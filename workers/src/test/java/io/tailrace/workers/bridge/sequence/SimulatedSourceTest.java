package io.tailrace.workers.bridge.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.workers.bridge.sequence.SourceMessage.Point;
import io.tailrace.workers.bridge.sequence.SourceMessage.Started;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A source that reorders, repeats and loses messages, is cut, forgets everything, and a bridge that dies between storing and writing, as a
 * seed says. Each reading is copied under one id or told as missing.
 */
class SimulatedSourceTest {
    private static final int SEEDS = 400;
    private static final int STEPS = 300;
    private static final int CAPACITY = 8;

    /** How far behind its place a message may come: within what may wait. */
    private static final int REORDERED = CAPACITY / 2;

    private static final long WAIT_MS = 100;
    private static final MessageSequence.Bounds BOUNDS =
            new MessageSequence.Bounds(CAPACITY, WAIT_MS, false, Duration.ofDays(1));

    /** What may go wrong. */
    enum Fault {
        /** Messages come in another order and again, calls are cut, the bridge dies. */
        DISORDER,
        /** Messages are lost on the way as well. */
        LOSS,
        /** The source restarts and has forgotten everything. */
        AMNESIA
    }

    private static final class World {
        private final Random random;
        private final Fault fault;

        /** Whether the source numbers the first message of a call, too, so that a reading has another number in another call. */
        private final boolean numbersStarts;

        private final List<Instant> made = new ArrayList<>();
        private final Map<Instant, Set<String>> written = new HashMap<>();
        private final List<Copied.Gap> gaps = new ArrayList<>();
        private final List<Instant> remembered = new ArrayList<>();
        private final List<SourceMessage> inFlight = new ArrayList<>();
        private String epoch = "e0";
        private int epochs;
        private long number;
        private long nowMs;
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");
        private SourcePosition stored = SourcePosition.NONE;
        private List<Copied> pending = List.of();
        private @Nullable MessageSequence call;

        World(long seed, Fault fault) {
            this.random = new Random(seed);
            this.fault = fault;
            this.numbersStarts = seed % 2 == 0;
        }

        void run() throws InvalidSource {
            // A source that restarts before anybody has heard of it has lost nothing that anybody could know of.
            while (stored.epoch() == null) {
                cut();
                connect();
            }
            for (int i = 0; i < STEPS; i++) {
                step(random.nextInt(100));
            }
            settle();
        }

        private void step(int dice) throws InvalidSource {
            if (dice < 40) {
                make();
            } else if (dice < 88) {
                deliver();
            } else if (dice < 92 && fault == Fault.LOSS) {
                nowMs += random.nextInt((int) WAIT_MS);
                if (call != null) {
                    take(call.elapse(nowMs, now));
                }
            } else if (dice < 96) {
                cut();
            } else if (dice < 98 && fault == Fault.AMNESIA) {
                cut();
                epoch = "e" + ++epochs;
                remembered.clear();
            }
        }

        private void make() {
            now = now.plusMillis(1);
            made.add(now);
            remembered.add(now);
            if (call != null) {
                send(remembered.size());
            }
        }

        /** The n-th reading, with a cursor behind it. */
        private void send(int n) {
            number++;
            inFlight.add(new SourceMessage(number, number + ":" + n, 0, new Point(remembered.get(n - 1), 1)));
        }

        private void deliver() throws InvalidSource {
            MessageSequence calling = call;
            if (calling == null) {
                connect();
                return;
            }
            if (inFlight.isEmpty()) {
                return;
            }
            SourceMessage oldest = inFlight.getFirst();
            int which = random.nextInt(Math.min(inFlight.size(), REORDERED));
            if (inFlight.get(which).sequence() >= oldest.sequence() + REORDERED) {
                which = 0;
            }
            SourceMessage message = inFlight.get(which);
            boolean lost = fault == Fault.LOSS && random.nextInt(20) == 0;
            boolean again = !lost && random.nextInt(10) == 0;
            if (!again) {
                inFlight.remove(which);
            }
            if (!lost) {
                take(calling.accept(message, nowMs, now));
            }
        }

        /** Stored with the position, and then written, unless the bridge dies in between. */
        private void take(List<Copied> copied) {
            MessageSequence calling = call;
            if (calling == null || (copied.isEmpty() && random.nextBoolean())) {
                return;
            }
            stored = calling.position();
            pending = copied;
            if (random.nextInt(20) == 0) {
                cut();
            } else {
                write();
            }
        }

        private void write() {
            for (Copied each : pending) {
                switch (each) {
                    case Copied.Reading reading ->
                        written.computeIfAbsent(reading.at(), _ -> new HashSet<>())
                                .add(reading.epoch() + "/" + reading.sequence());
                    case Copied.Gap gap -> gaps.add(gap);
                }
            }
        }

        private void connect() throws InvalidSource {
            write();
            MessageSequence begun = new MessageSequence(stored, BOUNDS);
            call = begun;
            boolean resumes = epoch.equals(stored.epoch());
            String[] cursor = stored.cursor().split(":", -1);
            int behind = resumes ? Integer.parseInt(cursor[1]) : 0;
            number = (resumes ? stored.sequence() : 0) + (numbersStarts ? 1 : 0);
            take(begun.accept(
                    new SourceMessage(number, number + ":" + behind, 0, new Started(epoch, resumes, null)),
                    nowMs,
                    now));
            for (int n = behind + 1; call != null && n <= remembered.size(); n++) {
                send(n);
            }
        }

        private void cut() {
            call = null;
            inFlight.clear();
        }

        /** Everything arrives, and time passes. */
        private void settle() throws InvalidSource {
            make();
            for (int i = 0; i < STEPS * CAPACITY && isOpen(); i++) {
                MessageSequence calling = call;
                if (calling == null) {
                    connect();
                } else if (!inFlight.isEmpty()) {
                    take(calling.accept(inFlight.removeFirst(), nowMs, now));
                } else {
                    nowMs += WAIT_MS;
                    take(calling.elapse(nowMs, now));
                }
            }
            write();
        }

        private boolean isOpen() {
            return call == null || !inFlight.isEmpty() || call.isWaiting();
        }

        private boolean isTold(Instant reading) {
            return gaps.stream().anyMatch(gap -> {
                Instant from = gap.from();
                Instant to = gap.to();
                return to != null && (from == null || !reading.isBefore(from)) && !reading.isAfter(to);
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void eachReadingIsCopiedUnderOneIdOrToldAsMissing(Fault fault) throws Exception {
        for (long seed = 0; seed < SEEDS; seed++) {
            World world = new World(seed, fault);
            world.run();

            for (Instant reading : world.made) {
                Set<String> ids = world.written.getOrDefault(reading, Set.of());
                assertThat(ids).as("seed %s: the ids of %s", seed, reading).hasSizeLessThan(2);
                assertThat(ids.size() == 1 || world.isTold(reading))
                        .as("seed %s: %s is copied or told", seed, reading)
                        .isTrue();
            }
            assertThat(world.made).as("seed %s", seed).containsAll(world.written.keySet());
            if (fault == Fault.DISORDER) {
                assertThat(world.gaps).as("seed %s: nothing is missing", seed).isEmpty();
            }
        }
    }
}
