package io.tailrace.ingest.incident;

import io.tailrace.contracts.job.PayloadRule;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of incidents, as a file declares it: a Java properties file with the keys {@code <name>.email} and {@code <name>.telegram} (a
 * chat's number or {@code @name}), or {@code <name>.person} (the id of an account, whose preferences say how), and {@code
 * <name>.severities} (with commas between them; all if it is missing). Immutable.
 *
 * @param all the recipients by name
 */
record Recipients(List<Recipient> all) {
    private static final Pattern KEY = Pattern.compile("([a-z][a-z0-9_-]{0,31})\\.(email|telegram|person|severities)");
    private static final PayloadRule EMAIL = PayloadRule.parse("email");
    private static final PayloadRule ID = PayloadRule.parse("id");
    private static final Pattern CHAT = Pattern.compile("-?[0-9]{1,18}|@[A-Za-z0-9_]{1,63}");
    private static final int MOST = 50;

    /** What a severity may be. */
    static final Pattern SEVERITY = Pattern.compile("[a-z][a-z0-9_-]{0,31}");

    /**
     * A person or a group.
     *
     * @param name what the file calls them
     * @param email where they get mail; null for nowhere
     * @param chat where they get messages by Telegram, a number or a name; null for nowhere
     * @param person whose account and preferences say where and when; null if this does
     * @param severities of what they are told; empty for everything
     */
    record Recipient(
            String name, @Nullable String email, @Nullable Object chat, @Nullable UUID person, Set<String> severities) {
        Recipient {
            severities = Set.copyOf(severities);
        }

        boolean wants(String severity) {
            return severities.isEmpty() || severities.contains(severity);
        }
    }

    Recipients {
        all = List.copyOf(all);
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException naming the file and every fault that it has, one a line, or why it cannot be read
     */
    static Recipients load(Path file) {
        try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return read(in);
        } catch (IOException e) {
            throw new IllegalArgumentException("tailrace.notify.file " + file + ": cannot be read: " + e, e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("tailrace.notify.file " + file + ":\n" + e.getMessage(), e);
        }
    }

    static Recipients read(Reader in) throws IOException {
        Properties properties = new Properties();
        properties.load(in);
        List<String> faults = new ArrayList<>();
        Map<String, Map<String, String>> declared = new TreeMap<>();
        for (String key : new TreeSet<>(properties.stringPropertyNames())) {
            Matcher matcher = KEY.matcher(key);
            if (matcher.matches()) {
                declared.computeIfAbsent(matcher.group(1), _ -> new HashMap<>())
                        .put(matcher.group(2), properties.getProperty(key).strip());
            } else {
                faults.add(key + ": unknown, expected NAME.email, NAME.telegram, NAME.person or NAME.severities");
            }
        }
        List<Recipient> all = new ArrayList<>();
        declared.forEach((name, values) -> all.add(recipient(name, values, faults)));
        if (all.isEmpty() || all.size() > MOST) {
            faults.add(all.size() + " recipients, expected 1 to " + MOST);
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", faults));
        }
        return new Recipients(all);
    }

    /** The accounts of those who are people. */
    Set<UUID> people() {
        return all.stream().map(Recipient::person).filter(Objects::nonNull).collect(Collectors.toSet());
    }

    private static Recipient recipient(String name, Map<String, String> values, List<String> faults) {
        String email = values.get("email");
        String chat = values.get("telegram");
        String person = values.get("person");
        if (email == null && chat == null && person == null) {
            faults.add(name + ": has neither email, telegram nor person");
        }
        if (person != null && (email != null || chat != null)) {
            faults.add(name + ": has a person, whose preferences say where, and so neither email nor telegram");
        }
        if (person != null && ID.fault(person) != null) {
            faults.add(name + ".person: expected the id of an account");
            person = null;
        }
        if (email != null && EMAIL.fault(email) != null) {
            faults.add(name + ".email: expected the address of a mailbox");
        }
        if (chat != null && !CHAT.matcher(chat).matches()) {
            faults.add(name + ".telegram: expected the number of a chat or @name");
        }
        Set<String> severities = new TreeSet<>();
        String listed = values.getOrDefault("severities", "");
        for (String severity : listed.isEmpty() ? new String[0] : listed.split("\\s*,\\s*")) {
            if (!SEVERITY.matcher(severity).matches()) {
                faults.add(name + ".severities: expected " + SEVERITY.pattern() + " with commas between them");
            }
            severities.add(severity);
        }
        Object number = chat != null && chat.matches("-?[0-9]{1,18}") ? Long.valueOf(chat) : chat;
        return new Recipient(name, email, number, person == null ? null : UUID.fromString(person), severities);
    }
}
