package io.tailrace.systemtests.chaos.jobs;

import io.tailrace.systemtests.chaos.schedule.Fault;
import io.tailrace.systemtests.chaos.schedule.Fault.Part;
import io.tailrace.systemtests.chaos.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * What a run does.
 *
 * @param seed what the faults are drawn from
 * @param jobs how many jobs are enqueued, evenly over the duration
 * @param durationMs how long things go wrong
 * @param failingJobs of so many jobs, the first ones, the receiver answers the first delivery of each fortieth with 500
 * @param steps what goes wrong, in the order of time
 */
public record JobPlan(long seed, int jobs, long durationMs, int failingJobs, List<Schedule.Step> steps) {
    /** How long an attempt may be silent; a worker that is frozen is so for longer. */
    static final long LEASE_MS = 3_000;

    private static final long LONGEST_PAUSE_MS = 7_000;

    /** A plan; the same arguments give the same one. Each kind of fault happens at least once. */
    public static JobPlan draw(long seed, int jobs, long durationMs) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Supplier<Fault>> kinds = List.of(
                () -> new Fault.Kill(Part.WORKER_1, random.nextLong(200, 2_000)),
                () -> new Fault.Kill(Part.WORKER_2, random.nextLong(200, 2_000)),
                () -> new Fault.Kill(Part.DISPATCHER, 0),
                () -> new Fault.Kill(Part.BROKER, 0),
                () -> new Fault.Freeze(
                        random.nextBoolean() ? Part.WORKER_1 : Part.WORKER_2,
                        random.nextLong(LEASE_MS + 500, LEASE_MS + 4_000)),
                () -> new Fault.Freeze(Part.DISPATCHER, random.nextLong(500, 4_000)));
        long longestMs = Math.min(LONGEST_PAUSE_MS, durationMs / (kinds.size() + 1));
        List<Schedule.Step> steps = new ArrayList<>();
        List<Supplier<Fault>> deck = new ArrayList<>();
        long atMs = longestMs;
        while (atMs < durationMs || steps.size() < kinds.size()) {
            if (deck.isEmpty()) {
                deck.addAll(kinds);
            }
            steps.add(new Schedule.Step(
                    atMs, deck.remove(random.nextInt(deck.size())).get()));
            atMs += random.nextLong(longestMs / 3, longestMs);
        }
        return new JobPlan(seed, jobs, durationMs, JobChaosRun.HELD_JOBS + jobs / 2, List.copyOf(steps));
    }

    /**
     * A plan for the tests: in an order and at times that the seed says, both workers and the dispatcher are killed once each. The broker is not:
     * everything waits for it for longer than the rest takes. And no delivery is answered with 500: after a 500 to the second attempt at a
     * job, because the first one was lost with its worker, the next one comes five minutes later.
     */
    public static JobPlan brief(long seed, int jobs, long durationMs) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Part> parts = new ArrayList<>(List.of(Part.WORKER_1, Part.WORKER_2, Part.DISPATCHER));
        List<Schedule.Step> steps = new ArrayList<>();
        long partMs = durationMs / (parts.size() + 1);
        for (long fromMs = partMs / 2; !parts.isEmpty(); fromMs += partMs) {
            Fault kill = new Fault.Kill(parts.remove(random.nextInt(parts.size())), 0);
            steps.add(new Schedule.Step(fromMs + random.nextLong(partMs), kill));
        }
        return new JobPlan(seed, jobs, durationMs, 0, List.copyOf(steps));
    }
}
