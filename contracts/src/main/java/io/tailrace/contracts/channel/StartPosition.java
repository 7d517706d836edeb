package io.tailrace.contracts.channel;

/** Where a subscriber that brings no cursor starts in a channel. */
public sealed interface StartPosition {
    /** The largest {@code N} of {@code last:N}. */
    int MAX_LAST = 1000;

    /** Only what is written from now on. */
    record Live() implements StartPosition {
        @Override
        public String toString() {
            return "live";
        }
    }

    /** Everything that retention has kept. */
    record Earliest() implements StartPosition {
        @Override
        public String toString() {
            return "earliest";
        }
    }

    /**
     * The newest events of each channel, then live.
     *
     * @param count how many, 1 to {@value StartPosition#MAX_LAST}
     */
    record Last(int count) implements StartPosition {
        /** Checks the range. */
        public Last {
            if (count < 1 || count > MAX_LAST) {
                throw new IllegalArgumentException("start \"last:" + count + "\": expected 1 to " + MAX_LAST);
            }
        }

        @Override
        public String toString() {
            return "last:" + count;
        }
    }

    /**
     * Reads {@code live}, {@code earliest} or {@code last:N}.
     *
     * @throws IllegalArgumentException on anything else; the message says what was expected
     */
    static StartPosition parse(String text) {
        if (text.equals("live")) {
            return new Live();
        }
        if (text.equals("earliest")) {
            return new Earliest();
        }
        if (text.matches("last:[0-9]{1,6}")) {
            return new Last(Integer.parseInt(text.substring("last:".length())));
        }
        throw new IllegalArgumentException(
                "start \"" + Channel.printable(text) + "\": expected live, earliest or last:N");
    }
}
