package io.tailrace.edge.stream;

import java.util.Arrays;

/** Positions of frames in a batch that one lane wants: a growing array that is used again and again. */
final class Hits {
    private int[] positions = new int[16];
    private int size;

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    int get(int i) {
        return positions[i];
    }

    /** Adds those of an ascending array that are at least {@code first}. */
    void addFrom(int[] ascending, int first) {
        int from = 0;
        if (first > 0) {
            int found = Arrays.binarySearch(ascending, first);
            from = found < 0 ? -found - 1 : found;
        }
        int count = ascending.length - from;
        if (count > positions.length - size) {
            positions = Arrays.copyOf(positions, Math.max(size + count, positions.length * 2));
        }
        System.arraycopy(ascending, from, positions, size, count);
        size += count;
    }

    void sort() {
        Arrays.sort(positions, 0, size);
    }
}
