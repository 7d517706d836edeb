package io.tailrace.dispatcher.series;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A book in memory, which keeps bytes as the store does. */
final class MapSeriesBook implements SeriesBook {
    final TreeMap<WindowKey, byte[]> windows = new TreeMap<>();
    final TreeSet<WindowKey> untold = new TreeSet<>();
    private final Map<Long, Extent> extents = new HashMap<>();
    private List<Long> lengths = List.of();
    private long clockMs;

    @Override
    public long clockMs() {
        return clockMs;
    }

    @Override
    public void putClock(long nowMs) {
        clockMs = nowMs;
    }

    @Override
    public List<Long> lengths() {
        return lengths;
    }

    @Override
    public void putLengths(List<Long> lengthsMs) {
        lengths = List.copyOf(lengthsMs);
    }

    @Override
    public Extent extent(long lengthMs) {
        return extents.getOrDefault(lengthMs, Extent.ALL);
    }

    @Override
    public void putExtent(long lengthMs, Extent extent) {
        extents.put(lengthMs, extent);
    }

    @Override
    public long latestEndMs(long lengthMs) {
        return windows.keySet().stream()
                .filter(key -> key.lengthMs() == lengthMs)
                .mapToLong(WindowKey::endMs)
                .max()
                .orElse(0);
    }

    @Override
    public @Nullable Window window(WindowKey key) {
        byte @Nullable [] bytes = windows.get(key);
        return bytes == null ? null : Window.read(bytes);
    }

    @Override
    public void put(WindowKey key, Window window) {
        windows.put(key, window.bytes());
    }

    @Override
    public void remove(WindowKey key) {
        windows.remove(key);
    }

    @Override
    public List<WindowKey> before(long lengthMs, long startMs, int limit) {
        return windows.keySet().stream()
                .filter(key -> key.lengthMs() == lengthMs && key.startMs() < startMs)
                .limit(limit)
                .toList();
    }

    @Override
    public List<WindowKey> untold() {
        return List.copyOf(untold);
    }

    @Override
    public void putUntold(WindowKey key) {
        untold.add(key);
    }

    @Override
    public void removeUntold(WindowKey key) {
        untold.remove(key);
    }
}
