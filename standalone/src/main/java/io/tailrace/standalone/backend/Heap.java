package io.tailrace.standalone.backend;

import java.util.List;

/**
 * The heap of a child JVM. Its young generation has a fixed size, and what it starts with is touched at once, so a machine
 * that is too small shows it at the start and not an hour later.
 *
 * <p>Left alone, the serial collector begins with a young generation that is too small for what lives as long as a request,
 * copies that to the old one, and enlarges the old one as long as it may rather than collect it.
 *
 * @param youngMib the young generation, MiB
 * @param startMib the whole at the start, MiB
 * @param mostMib the most that the whole may take, MiB
 */
public record Heap(int youngMib, int startMib, int mostMib) {
    /** A heap that does not grow. */
    public static Heap fixed(int youngMib, int mib) {
        return new Heap(youngMib, mib, mib);
    }

    /** The JVM's options. */
    public List<String> options() {
        return List.of(
                "-XX:+UseSerialGC",
                "-XX:SurvivorRatio=4",
                "-XX:MaxTenuringThreshold=4",
                "-XX:+AlwaysPreTouch",
                "-Xmn" + youngMib + "m",
                "-Xms" + startMib + "m",
                "-Xmx" + mostMib + "m");
    }
}
