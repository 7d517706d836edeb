package io.tailrace.dispatcher.series;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What came out: the latest state of each window, and how often each was told. */
final class Told implements SeriesOutput {
    final Map<WindowKey, Window> rows = new TreeMap<>();
    final Map<WindowKey, List<Long>> times = new HashMap<>();
    final List<WindowKey> shrunk = new ArrayList<>();
    int late;
    int ahead;

    Window row(WindowKey key) {
        return Objects.requireNonNull(rows.get(key), () -> key + " was not told");
    }

    @Override
    public void tell(WindowKey key, Window window, long nowMs) {
        Window before = rows.put(key, window);
        if (before != null && before.count() > window.count()) {
            shrunk.add(key);
        }
        times.computeIfAbsent(key, _ -> new ArrayList<>()).add(nowMs);
    }

    @Override
    public void late() {
        late++;
    }

    @Override
    public void ahead() {
        ahead++;
    }
}
