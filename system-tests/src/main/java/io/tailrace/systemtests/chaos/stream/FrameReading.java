package io.tailrace.systemtests.chaos.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.systemtests.chaos.check.Entry;
import io.tailrace.systemtests.client.SseParser.SseEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What the frames of a stream say, as docs/protocol.md has it. Thread-safe. */
final class FrameReading {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_SHARED = 200_000;

    /** Why a change is refused that may be asked for again at once. */
    private static final Set<String> MOMENTARY = Set.of("unavailable", "too_many_changes");

    /** Many clients receive the same event: they share its strings. */
    private final ConcurrentMap<String, String> shared = new ConcurrentHashMap<>();

    /** The entries of a dispatched event, in their order. */
    List<Entry> read(SseEvent event) {
        JsonNode data;
        try {
            data = JSON.readTree(event.data());
        } catch (JsonProcessingException e) {
            return List.of(new Entry.Nonsense(event.toString()));
        }
        return switch (event.type()) {
            case "stream.open" -> withResets(data.path("channels"), new Entry.Opened(started(data.path("channels"))));
            case "stream.channels" -> {
                List<Entry> entries = withResets(
                        data.path("added"),
                        new Entry.Changed(
                                started(data.path("added")),
                                names(data.path("removed")),
                                refused(data.path("refused"), false),
                                started(data.path("available"))));
                entries.addAll(resets(data.path("available")));
                List<String> postponed = refused(data.path("refused"), true);
                if (!postponed.isEmpty()) {
                    entries.add(new Entry.Postponed(postponed));
                }
                yield entries;
            }
            case "stream.gap" ->
                List.of(new Entry.Gap(
                        texts(data.path("channels")),
                        data.path("from").asLong(-1),
                        data.path("to").asLong(-1)));
            case "stream.reset" -> List.of(new Entry.Reset(data.path("reason").asText()));
            case "stream.closing" ->
                List.of(new Entry.Ended("stream.closing " + data.path("reason").asText()));
            case "stream.caught_up" -> List.of();
            default ->
                event.type().startsWith("stream.")
                        ? List.of(new Entry.Nonsense(event.toString()))
                        : List.of(new Entry.Event(
                                share(data.path("channel").asText()),
                                share(data.path("id").asText())));
        };
    }

    private static List<Entry> withResets(JsonNode channels, Entry entry) {
        List<Entry> entries = new ArrayList<>(List.of(entry));
        entries.addAll(resets(channels));
        return entries;
    }

    private static List<Entry> resets(JsonNode channels) {
        List<Entry> resets = new ArrayList<>();
        for (JsonNode channel : channels) {
            JsonNode reset = channel.path("start").path("reset");
            if (!reset.isMissingNode()) {
                resets.add(new Entry.Reset(
                        channel.path("channel").asText() + " is told to start anew: " + reset.asText()));
            }
        }
        return resets;
    }

    private static List<Entry.Started> started(JsonNode channels) {
        List<Entry.Started> started = new ArrayList<>();
        for (JsonNode channel : channels) {
            started.add(new Entry.Started(
                    channel.path("channel").asText(),
                    channel.path("start").path("at").asText(),
                    channel.path("start").path("offset").asLong(Entry.UNKNOWN)));
        }
        return started;
    }

    private static List<String> names(JsonNode channels) {
        List<String> names = new ArrayList<>();
        channels.forEach(channel -> names.add(channel.path("channel").asText()));
        return names;
    }

    /** The refusals that last, or those of which only the moment is the reason. */
    private static List<String> refused(JsonNode channels, boolean forNow) {
        List<String> names = new ArrayList<>();
        for (JsonNode channel : channels) {
            if (MOMENTARY.contains(channel.path("reason").asText()) == forNow) {
                names.add(channel.path("channel").asText());
            }
        }
        return names;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private String share(String text) {
        if (shared.size() > MAX_SHARED) {
            shared.clear();
        }
        String before = shared.putIfAbsent(text, text);
        return before == null ? text : before;
    }
}
