package io.tailrace.systemtests.chaos.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Who reads what, and what happens when: the same for the same seed, duration and scale, whatever the machine does.
 *
 * @param seed what everything is drawn from
 * @param durationMs how long things happen
 * @param readers the clients
 * @param steps what happens, in the order of time
 */
public record Schedule(long seed, long durationMs, List<Reader> readers, List<Step> steps) {
    /**
     * One thing that happens.
     *
     * @param atMs when, after the beginning
     * @param fault what
     */
    public record Step(long atMs, Fault fault) {}

    /** Draws a schedule. */
    public static Schedule draw(long seed, long durationMs, Scale scale) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Reader> readers = readers(random.split(), scale);
        List<Step> steps = new ArrayList<>();
        steps.addAll(new OutageDeck(random.split(), scale).deal(durationMs));
        steps.addAll(new ReaderDeck(random.split(), readers, scale).deal(durationMs));
        steps.addAll(new LagDeck(random.split(), readers, scale).deal(durationMs));
        steps.sort(Comparator.comparingLong(Step::atMs));
        return new Schedule(seed, durationMs, readers, List.copyOf(steps));
    }

    /** Its text: one line for each step, with its time in seconds. */
    public List<String> lines() {
        return steps.stream()
                .map(step -> String.format(Locale.ROOT, "%8.1f s  %s", step.atMs / 1000.0, step.fault))
                .toList();
    }

    private static List<Reader> readers(SplittableRandom random, Scale scale) {
        List<String> starts = List.of("earliest", "live", "last:5");
        List<Reader> readers = new ArrayList<>();
        for (int i = 0; i < scale.clients(); i++) {
            List<String> names = new ArrayList<>(scale.names());
            int count = random.nextInt(1, Math.min(5, names.size()));
            List<String> channels = new ArrayList<>();
            for (int c = 0; c < count; c++) {
                channels.add(names.remove(random.nextInt(names.size())));
            }
            String subject = String.format(Locale.ROOT, "%08x-0000-7000-8000-%012x", random.nextInt(), i);
            if (i < scale.followers()) {
                channels.add("feed:" + subject);
            }
            // A third has tokens that end within the run, so that renewing them in time matters.
            long lifetimeMs = i % 3 == 0 ? random.nextLong(20_000, 60_000) : 3_600_000;
            readers.add(new Reader(
                    i, subject, List.copyOf(channels), starts.get(random.nextInt(starts.size())), lifetimeMs));
        }
        return readers;
    }
}
