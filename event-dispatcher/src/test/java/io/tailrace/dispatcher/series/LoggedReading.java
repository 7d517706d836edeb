package io.tailrace.dispatcher.series;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * A reading as it stands in a log.
 *
 * @param recordMs the time of its record, in milliseconds since the epoch
 */
record LoggedReading(SeriesReading reading, long recordMs) {
    static final long START_MS = 1_700_000_000_000L;
    static final UUID[] METRICS = {new UUID(0, 1), new UUID(0, 2), new UUID(0, 3)};

    /** Some minutes of readings of whole numbers: most of now, some late or ahead, with pauses and bursts. */
    static List<LoggedReading> some(long seed, int size) {
        SplittableRandom random = new SplittableRandom(seed);
        List<LoggedReading> log = new ArrayList<>();
        long recordMs = START_MS;
        for (int i = 0; i < size; i++) {
            recordMs += switch (random.nextInt(10)) {
                case 0 -> random.nextLong(15_000);
                case 1, 2, 3 -> random.nextLong(1_500);
                default -> random.nextLong(50);
            };
            long shiftMs =
                    switch (random.nextInt(6)) {
                        case 0 -> -random.nextLong(12_000);
                        case 1 -> random.nextLong(5_000);
                        default -> -random.nextLong(300);
                    };
            UUID metric = METRICS[random.nextInt(METRICS.length)];
            // The time of a record can be behind that of the one before.
            long jitterMs = random.nextInt(20) == 0 ? random.nextLong(2_000) : 0;
            long atUs = (recordMs + shiftMs) * 1_000 + random.nextInt(3);
            log.add(new LoggedReading(new SeriesReading(metric, atUs, 1 + random.nextInt(1_000)), recordMs - jitterMs));
        }
        return log;
    }
}
