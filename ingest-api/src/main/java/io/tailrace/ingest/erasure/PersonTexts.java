package io.tailrace.ingest.erasure;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * What a person is told by: the id, and the address, name and phone number of their registrations.
 * For one thread.
 */
final class PersonTexts {
    /** Fewer digits are in many numbers. */
    private static final int MIN_DIGITS = 7;

    private final UUID person;
    private final Set<String> addresses = new LinkedHashSet<>();
    private final Set<String> names = new LinkedHashSet<>();
    private final Set<String> phones = new LinkedHashSet<>();

    PersonTexts(UUID person) {
        this.person = person;
    }

    /** Takes what a record of the person's registration says; what is none says nothing. */
    void learn(byte[] registration) {
        try {
            JsonNode user = Json.mapper().readTree(registration);
            learn(addresses, user.path("email"));
            learn(names, user.path("name"));
            learn(phones, user.path("phone"));
        } catch (IOException e) {
            // A dead letter of somebody; there is nothing to be learnt from it.
            return;
        }
    }

    /** What {@link #recall} takes, the same for the same texts in the same order. */
    String inJson() {
        return new String(
                Json.write(new Kept(List.copyOf(addresses), List.copyOf(names), List.copyOf(phones))),
                StandardCharsets.UTF_8);
    }

    /**
     * Takes what was kept before.
     *
     * @param kept of {@link #inJson}
     * @throws IllegalStateException if it is something else
     */
    void recall(String kept) {
        try {
            Kept before = Json.read(kept.getBytes(StandardCharsets.UTF_8), Kept.class);
            addresses.addAll(before.addresses());
            names.addAll(before.names());
            phones.addAll(before.phones());
        } catch (IOException e) {
            // Without the text: it is what is to be forgotten.
            throw new IllegalStateException("the texts of the erasure of " + person + " cannot be read");
        }
    }

    /** How it is kept. */
    record Kept(List<String> addresses, List<String> names, List<String> phones) {
        /** Copies; what is missing is empty. */
        Kept {
            addresses = addresses == null ? List.of() : List.copyOf(addresses);
            names = names == null ? List.of() : List.copyOf(names);
            phones = phones == null ? List.of() : List.copyOf(phones);
        }
    }

    private static void learn(Set<String> texts, JsonNode text) {
        if (text.isTextual() && !text.textValue().isBlank()) {
            texts.add(text.textValue());
        }
    }

    /**
     * What leads to the person, as it can stand in JSON: addresses and phone numbers, and names where they are a whole text.
     */
    List<String> addressesInJson() {
        Set<String> texts = new LinkedHashSet<>();
        Stream.concat(addresses.stream(), phones.stream()).forEach(text -> {
            texts.add(text);
            String json = json(text);
            texts.add(json.substring(1, json.length() - 1));
        });
        names.forEach(name -> texts.add(json(name)));
        return List.copyOf(texts);
    }

    private static String json(String text) {
        return new String(Json.write(text), StandardCharsets.UTF_8);
    }

    /**
     * Whether a question of a search asks for this person: a text of it has the id, the whole address, the whole name as words, or
     * the phone number however it is written, with its last {@value #MIN_DIGITS} digits at least.
     */
    boolean areAskedFor(String question) {
        try {
            return areIn(Json.mapper().readTree(question));
        } catch (IOException e) {
            return isText(question);
        }
    }

    private boolean areIn(JsonNode node) {
        if (node.isValueNode()) {
            return isText(node.asText());
        }
        for (JsonNode child : node) {
            if (areIn(child)) {
                return true;
            }
        }
        return false;
    }

    private boolean isText(String text) {
        String folded = folded(text);
        return folded.contains(person.toString())
                || addresses.stream().anyMatch(address -> folded.contains(folded(address)))
                || names.stream().anyMatch(name -> hasWords(folded, folded(name)))
                || isPhone(digits(text));
    }

    private boolean isPhone(String typed) {
        String national = typed.replaceFirst("^0+", "");
        return national.length() >= MIN_DIGITS
                && phones.stream().map(PersonTexts::digits).anyMatch(phone -> phone.endsWith(national));
    }

    private static boolean hasWords(String text, String words) {
        for (int at = text.indexOf(words); at >= 0 && !words.isEmpty(); at = text.indexOf(words, at + 1)) {
            int end = at + words.length();
            boolean begins = at == 0 || !Character.isLetterOrDigit(text.codePointBefore(at));
            boolean ends = end == text.length() || !Character.isLetterOrDigit(text.codePointAt(end));
            if (begins && ends) {
                return true;
            }
        }
        return false;
    }

    private static String folded(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    }

    private static String digits(String text) {
        return text.replaceAll("[^0-9]", "");
    }

    /** Whether a record names the person, in its key, its value or a header; a name counts where it is a whole text of JSON. */
    boolean areIn(ConsumerRecord<byte[], byte[]> record) {
        if (areIn(record.key()) || areIn(record.value())) {
            return true;
        }
        for (Header header : record.headers()) {
            if (areIn(header.value())) {
                return true;
            }
        }
        return false;
    }

    private boolean areIn(byte @Nullable [] bytes) {
        if (bytes == null || bytes.length == 0) {
            return false;
        }
        // One character for each byte, so that none is lost.
        String all = latin(bytes);
        byte[] id = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(person.getMostSignificantBits())
                .putLong(person.getLeastSignificantBits())
                .array();
        return all.contains(person.toString())
                || all.contains(latin(id))
                || addresses.stream().anyMatch(address -> hasText(all, address))
                || phones.stream().anyMatch(phone -> hasText(all, phone))
                || names.stream().anyMatch(name -> all.contains(latin(Json.write(name))));
    }

    private static boolean hasText(String all, String text) {
        String json = latin(Json.write(text));
        return all.contains(latin(text.getBytes(StandardCharsets.UTF_8)))
                || all.contains(json.substring(1, json.length() - 1));
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
