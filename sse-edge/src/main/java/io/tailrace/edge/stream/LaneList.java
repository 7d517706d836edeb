package io.tailrace.edge.stream;

import java.util.Arrays;

/** Lanes that wait for the same thing. A lane is in at most one list. */
final class LaneList {
    private Lane[] items = {};
    private int size;

    int size() {
        return size;
    }

    Lane get(int i) {
        return items[i];
    }

    void add(Lane lane) {
        if (size == items.length) {
            items = Arrays.copyOf(items, Math.max(4, size * 2));
        }
        lane.listIndex = size;
        items[size++] = lane;
    }

    @SuppressWarnings("NullAway") // a free slot must not keep a closed stream alive
    void remove(Lane lane) {
        Lane last = items[--size];
        items[lane.listIndex] = last;
        last.listIndex = lane.listIndex;
        items[size] = null;
        lane.listIndex = -1;
    }
}
