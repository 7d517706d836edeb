package io.tailrace.kit.apikey;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the command is asked for. Pure. */
public sealed interface ApiKeyArguments {
    /** How it is used. */
    String USAGE =
            """
            usage: ./tailrace apikey --sub NAME [--role R].. [--subscribe PATTERN].. [--publish PATTERN].. [--job PATTERN].. [--ttl 30d]
                   ./tailrace apikey list
                   ./tailrace apikey revoke ID""";

    /**
     * A new key.
     *
     * @param lifetime how long it is good; null for ever
     */
    record Create(
            String subject,
            List<String> roles,
            List<String> subscribe,
            List<String> publish,
            List<String> jobs,
            @Nullable Duration lifetime)
            implements ApiKeyArguments {}

    /** The keys that there are. */
    record ListKeys() implements ApiKeyArguments {}

    /**
     * The end of one.
     *
     * @param id its id
     */
    record Revoke(String id) implements ApiKeyArguments {}

    Pattern LIFETIME = Pattern.compile("([1-9][0-9]{0,8})([smhd])");

    /**
     * Reads a command line.
     *
     * @throws IllegalArgumentException if it is none; the message says why
     */
    static ApiKeyArguments read(List<String> words) {
        if (words.equals(List.of("list"))) {
            return new ListKeys();
        }
        if (!words.isEmpty() && words.getFirst().equals("revoke")) {
            if (words.size() != 2) {
                throw new IllegalArgumentException("revoke: expected one id");
            }
            return new Revoke(id(words.get(1)));
        }
        return create(words);
    }

    private static Create create(List<String> words) {
        @Nullable String subject = null;
        @Nullable Duration lifetime = null;
        List<String> roles = new ArrayList<>();
        List<String> subscribe = new ArrayList<>();
        List<String> publish = new ArrayList<>();
        List<String> jobs = new ArrayList<>();
        Deque<String> left = new ArrayDeque<>(words);
        while (!left.isEmpty()) {
            String word = left.removeFirst();
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            String option = equals < 0 ? word : word.substring(0, equals);
            if (!List.of("--sub", "--role", "--subscribe", "--publish", "--job", "--ttl")
                    .contains(option)) {
                throw new IllegalArgumentException("unknown argument \"" + word + "\"");
            }
            if (equals < 0 && left.isEmpty()) {
                throw new IllegalArgumentException(option + ": expected a value");
            }
            String value = equals < 0 ? left.removeFirst() : word.substring(equals + 1);
            switch (option) {
                case "--sub" -> subject = value;
                case "--role" -> roles.add(value);
                case "--subscribe" -> subscribe.add(value);
                case "--publish" -> publish.add(value);
                case "--job" -> jobs.add(value);
                default -> lifetime = lifetime(value);
            }
        }
        if (subject == null) {
            throw new IllegalArgumentException("--sub is missing, expected the bearer's name");
        }
        return new Create(subject, roles, subscribe, publish, jobs, lifetime);
    }

    private static String id(String text) {
        try {
            return UUID.fromString(text).toString();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("revoke " + text + ": expected an id, as list shows it", e);
        }
    }

    private static Duration lifetime(String text) {
        Matcher matcher = LIFETIME.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("--ttl " + text + ": expected a number and s, m, h or d, like 30d");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            // An instant has no room for more years than that.
            default -> Duration.ofDays(Math.min(number, 365_000));
        };
    }
}
