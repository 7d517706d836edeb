package io.tailrace.search.document;

import java.util.Arrays;

/** A folded text that knows where its characters come from. Immutable. */
public final class FoldedText {
    private final String text;
    private final int[] from;
    private final int[] to;

    private FoldedText(String text, int[] from, int[] to) {
        this.text = text;
        this.from = from;
        this.to = to;
    }

    /** The folded text. */
    public String text() {
        return text;
    }

    /** Where in the source that begins which the folded character at an index stands for. */
    public int from(int index) {
        return from[index];
    }

    /** Before which index of the source it ends. */
    public int to(int index) {
        return to[index];
    }

    /** Collects the places while a text is folded. */
    static final class Places {
        private int[] from;
        private int[] to;
        private int size;

        Places(int expected) {
            this.from = new int[expected];
            this.to = new int[expected];
        }

        /** Everything folded up to a length that has no place yet comes from this stretch of the source. */
        void add(int length, int sourceFrom, int sourceTo) {
            if (length > from.length) {
                from = Arrays.copyOf(from, Math.max(length, 2 * from.length));
                to = Arrays.copyOf(to, from.length);
            }
            for (; size < length; size++) {
                from[size] = sourceFrom;
                to[size] = sourceTo;
            }
        }

        FoldedText of(String folded) {
            return new FoldedText(folded, from, to);
        }
    }
}
