package io.tailrace.contracts.channel;

import java.util.List;

/**
 * A pattern of channel names as it stands in a token: {@code logs:workspace123:*}. A part {@code *} stands for exactly
 * one part of any content; every other part stands for itself. A lone {@code *} matches only names of one part, and
 * {@code **} is the one pattern that matches every channel.
 *
 * @param text the pattern as written; valid by construction
 * @param parts its parts
 */
public record ChannelPattern(String text, List<String> parts) {
    private static final String ANY_CHANNEL = "**";

    /**
     * Checks a pattern.
     *
     * @throws IllegalArgumentException if replacing every {@code *} by a letter does not give a valid channel name
     */
    public ChannelPattern {
        String example = text.replaceAll("(?<=^|:)\\*(?=:|$)", "x");
        if (!text.equals(ANY_CHANNEL) && !Channel.isValid(example)) {
            throw new IllegalArgumentException("channel pattern \"" + Channel.printable(text)
                    + "\": expected a channel name in which a whole part may be \"*\"");
        }
        parts = List.copyOf(parts);
        if (!parts.equals(List.of(text.split(":", -1)))) {
            throw new IllegalArgumentException("channel pattern \"" + text + "\": its parts are " + parts);
        }
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if replacing every {@code *} by a letter does not give a valid channel name
     */
    public static ChannelPattern parse(String text) {
        return new ChannelPattern(text, List.of(text.split(":", -1)));
    }

    /** Whether the pattern covers {@code channel}. */
    public boolean matches(Channel channel) {
        if (text.equals(ANY_CHANNEL)) {
            return true;
        }
        String name = channel.name();
        int start = 0;
        for (int i = 0; i < parts.size(); i++) {
            if (start > name.length()) {
                return false;
            }
            int colon = name.indexOf(':', start);
            int end = colon < 0 ? name.length() : colon;
            String part = parts.get(i);
            boolean same = part.equals("*")
                    || (part.length() == end - start && name.regionMatches(start, part, 0, part.length()));
            if (!same) {
                return false;
            }
            start = end + 1;
        }
        return start > name.length();
    }
}
