package io.tailrace.contracts.channel;

import io.tailrace.contracts.text.Excerpt;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The name of a channel, for example {@code feed:42} or {@code logs:workspace123:workflow456}.
 *
 * <p>Grammar: one to eight parts joined by {@code ':'}. The first part is the namespace,
 * {@code [a-z][a-z0-9_-]{0,31}}; every other part is {@code [A-Za-z0-9._~-]{1,64}}. The whole name has at most
 * {@value #MAX_LENGTH} characters. All of them are ASCII and unreserved in a URL (RFC 3986, section 2.3) or {@code ':'},
 * so that a name never needs to be escaped.
 *
 * @param name the whole name; valid by construction
 */
public record Channel(String name) implements Comparable<Channel> {
    /** The longest name, in characters. */
    public static final int MAX_LENGTH = 200;

    private static final int MAX_PARTS = 8;
    private static final int MAX_NAMESPACE_LENGTH = 32;
    private static final int MAX_PART_LENGTH = 64;

    /**
     * Accepts a valid name.
     *
     * @throws IllegalArgumentException if the name is not of the grammar; the message says what was expected
     */
    public Channel {
        String fault = fault(name);
        if (fault != null) {
            throw new IllegalArgumentException("channel \"" + printable(name) + "\": " + fault);
        }
    }

    /** Whether {@code text} is of the grammar. */
    public static boolean isValid(String text) {
        return fault(text) == null;
    }

    /** The first part of the name. */
    public String namespace() {
        int colon = name.indexOf(':');
        return colon < 0 ? name : name.substring(0, colon);
    }

    /** The second part of the name (in {@code feed:42} the owner), or the empty string where there is none. */
    public String secondPart() {
        int colon = name.indexOf(':');
        if (colon < 0) {
            return "";
        }
        int next = name.indexOf(':', colon + 1);
        return next < 0 ? name.substring(colon + 1) : name.substring(colon + 1, next);
    }

    /** The partition that this channel lives in: Kafka's default partitioning of the channel's name as a key. */
    public int partition(int partitionCount) {
        return KeyPartition.of(name.getBytes(StandardCharsets.UTF_8), partitionCount);
    }

    @Override
    public int compareTo(Channel other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }

    private static @Nullable String fault(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return "expected 1 to " + MAX_LENGTH + " characters";
        }
        int parts = 0;
        int start = 0;
        while (start <= text.length()) {
            int colon = text.indexOf(':', start);
            int end = colon < 0 ? text.length() : colon;
            if (++parts > MAX_PARTS) {
                return "expected at most " + MAX_PARTS + " parts";
            }
            boolean valid = parts == 1 ? isNamespace(text, start, end) : isPart(text, start, end);
            if (!valid) {
                return parts == 1
                        ? "expected a namespace of [a-z][a-z0-9_-]* with at most 32 characters"
                        : "expected parts of [A-Za-z0-9._~-] with 1 to 64 characters";
            }
            start = end + 1;
        }
        return null;
    }

    static boolean isNamespace(String text, int start, int end) {
        if (end <= start || end - start > MAX_NAMESPACE_LENGTH || !isLower(text.charAt(start))) {
            return false;
        }
        for (int i = start + 1; i < end; i++) {
            char c = text.charAt(i);
            if (!isLower(c) && !isDigit(c) && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    static boolean isPart(String text, int start, int end) {
        if (end <= start || end - start > MAX_PART_LENGTH) {
            return false;
        }
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            boolean letter = isLower(c) || (c >= 'A' && c <= 'Z');
            if (!letter && !isDigit(c) && "._~-".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** A name that a client sent goes into errors and logs: no control characters, and not all of a long one. */
    static String printable(String text) {
        return Excerpt.of(text, 80).replaceAll("\\p{Cntrl}", "?");
    }
}
