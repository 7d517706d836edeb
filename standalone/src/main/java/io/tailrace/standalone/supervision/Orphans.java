package io.tailrace.standalone.supervision;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Tells processes that an earlier supervisor left behind from strangers that got their number since. Pure. */
public final class Orphans {
    /**
     * How far two readings of one process's start may be apart: the start is kept in ticks since boot, and the moment of
     * the boot moves when the clock is set.
     */
    public static final long TOLERANCE_MS = 2_000;

    private Orphans() {}

    /**
     * A process as it was noted down.
     *
     * @param name what ran in it
     * @param pid its number
     * @param startedAtMs when it was started, milliseconds since 1970
     */
    public record Noted(String name, long pid, long startedAtMs) {}

    /**
     * The noted processes that still run.
     *
     * @param startOf when the process of a number was started, or empty if there is none
     */
    public static List<Noted> among(List<Noted> noted, Function<Long, Optional<Long>> startOf) {
        return noted.stream()
                .filter(one -> startOf.apply(one.pid())
                        .filter(startedAtMs -> Math.abs(startedAtMs - one.startedAtMs()) <= TOLERANCE_MS)
                        .isPresent())
                .toList();
    }
}
