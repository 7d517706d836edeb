package io.tailrace.workers.answer;

import java.util.ArrayList;
import java.util.List;

/**
 * Puts text that comes in small pieces together: the first piece goes at once, and what comes after it not before the window has passed. Times
 * are milliseconds of any clock that does not jump. For one thread at a time.
 */
final class DeltaBatch {
    /** How long {@link #waitMs} is while there is nothing to send. */
    static final long NOTHING = Long.MAX_VALUE;

    /** The most characters of one piece, so that an event stays small for whoever reads it. */
    static final int MOST = 8_192;

    private static final char REPLACEMENT = '\uFFFD';

    private final long windowMs;
    private final List<Pending> pending = new ArrayList<>();
    private boolean hasSent;
    private long sentMs;

    /** What a text is. */
    enum Kind {
        /** Of the answer. */
        TEXT,
        /** Of what the model thinks before. */
        REASONING
    }

    /** Text of one kind; whole characters. */
    record Piece(Kind kind, String text) {}

    /** Text of one kind that is still growing. */
    private record Pending(Kind kind, StringBuilder text) {}

    /**
     * A batch.
     *
     * @param windowMs the least time between two takes of what has come
     */
    DeltaBatch(long windowMs) {
        this.windowMs = windowMs;
    }

    /** Adds text. */
    void add(Kind kind, String text) {
        Pending last = pending.isEmpty() ? null : pending.getLast();
        if (last != null && last.kind() == kind) {
            last.text().append(text);
        } else {
            pending.add(new Pending(kind, new StringBuilder(text)));
        }
    }

    /** How long to wait until what has come is to be taken, 0 for now; {@link #NOTHING} if there is nothing. */
    long waitMs(long nowMs) {
        if (pending.isEmpty()
                || pending.size() == 1 && isHalf(pending.getFirst().text())) {
            return NOTHING;
        }
        return hasSent ? Math.max(0, sentMs + windowMs - nowMs) : 0;
    }

    /**
     * Takes what has come, in its order. The first half of a character whose second half has not come is kept back.
     *
     * @param isLast whether nothing more comes, so that nothing is kept back
     */
    List<Piece> take(long nowMs, boolean isLast) {
        List<Piece> taken = new ArrayList<>();
        Pending rest = null;
        for (int i = 0; i < pending.size(); i++) {
            Pending piece = pending.get(i);
            String text = piece.text().toString();
            boolean isEnd = i + 1 == pending.size();
            if (isEnd && !isLast && Character.isHighSurrogate(text.charAt(text.length() - 1))) {
                rest = new Pending(piece.kind(), new StringBuilder(text.substring(text.length() - 1)));
                text = text.substring(0, text.length() - 1);
            }
            cut(piece.kind(), whole(text), taken);
        }
        pending.clear();
        if (rest != null) {
            pending.add(rest);
        }
        hasSent = true;
        sentMs = nowMs;
        return taken;
    }

    private static boolean isHalf(StringBuilder text) {
        return text.length() == 1 && Character.isHighSurrogate(text.charAt(0));
    }

    private static void cut(Kind kind, String text, List<Piece> taken) {
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(text.length(), from + MOST);
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to--;
            }
            taken.add(new Piece(kind, text.substring(from, to)));
            from = to;
        }
    }

    /** A text in which halves of pairs that stand alone are replaced, because they have no UTF-8. */
    static String whole(String text) {
        StringBuilder whole = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isPair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (isPair) {
                i++;
            } else if (Character.isSurrogate(c)) {
                whole = whole == null ? new StringBuilder(text) : whole;
                whole.setCharAt(i, REPLACEMENT);
            }
        }
        return whole == null ? text : whole.toString();
    }
}
