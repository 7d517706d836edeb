package io.tailrace.edge.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.CursorCodec;
import io.tailrace.contracts.cursor.CursorDecoding;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.simulation.SimLog.Partition;
import io.tailrace.edge.simulation.SseParser.Block;
import io.tailrace.edge.stream.Start;
import io.tailrace.edge.stream.WantedChannel;
import io.tailrace.edge.window.PartitionId;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one connection's frames and holds each against the client's ledger. */
final class Checker {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Prints every frame: {@code -Dtailrace.simulation.trace=true}, with one seed. */
    static final boolean TRACE = Boolean.getBoolean("tailrace.simulation.trace");

    private final Ledger ledger;
    private final SimLog log;
    private final boolean watch;
    private final Set<String> asked = new HashSet<>();

    /** The start that each channel asked for as a new one when the connection was opened. */
    private final Map<String, Start> starts = new HashMap<>();

    /** Channels that were added, and asked for their oldest event each time. */
    private final Map<String, Boolean> addedFromTheOldest = new HashMap<>();

    private final @Nullable Cursor sent;
    private final Set<String> allowedResets;

    /** From which byte on a channel must not appear any more. */
    private final Map<String, Long> endedAtByte = new HashMap<>();

    /** Channels that were removed at some time of the connection. */
    private final Set<String> everEnded = new HashSet<>();

    /** Channels that are to start at the oldest event and were told as pending: each id must keep that. */
    private final Set<String> pendingEarliest = new HashSet<>();

    /** Where channels began that were asked for from the earliest event on, until an id tells the generation. */
    private final Map<String, Long> earliest = new HashMap<>();

    /** Channels that the server has refused to add; the client takes them from here. */
    final Set<String> refused = new HashSet<>();

    private boolean opened;
    int caughtUp;
    boolean closing;

    @Nullable
    String lastId;

    /**
     * A checker for a new connection.
     *
     * @param asked the channels that the connection was opened with, each with the start that it asked for as a new one
     * @param sent the cursor that the client came with
     * @param allowedResets reasons that the schedule has given cause for
     */
    Checker(
            Ledger ledger,
            SimLog log,
            boolean watch,
            List<WantedChannel> asked,
            @Nullable Cursor sent,
            Set<String> allowedResets) {
        this.ledger = ledger;
        this.log = log;
        this.watch = watch;
        asked.forEach(channel -> {
            this.asked.add(channel.name());
            starts.put(channel.name(), channel.start());
        });
        this.sent = sent;
        this.allowedResets = allowedResets;
    }

    /** The server has taken a channel away after so many bytes; a watcher is not told. */
    void ended(String channel, long atByte) {
        endedAtByte.put(channel, atByte);
        everEnded.add(channel);
        if (watch) {
            ledger.forget(channel);
        }
    }

    /** A channel is asked for again. */
    void added(WantedChannel channel) {
        endedAtByte.remove(channel.name());
        addedFromTheOldest.merge(channel.name(), channel.start() instanceof Start.Earliest, Boolean::logicalAnd);
    }

    void block(Block block) {
        if (TRACE) {
            System.out.println(System.identityHashCode(ledger) + " " + block + " " + decoded(block.id()));
        }
        if (closing) {
            throw new AssertionError("after the end: " + block);
        }
        String data = block.data();
        if (data != null) {
            require(opened || block.type().equals(watch ? "message" : "stream.open"), "first", block);
            require(opened || block.retryMs() > 0, "no retry", block);
            switch (block.type()) {
                case "stream.open" -> open(json(data));
                case "stream.gap" -> gap(json(data));
                case "stream.reset" -> reset(json(data));
                case "stream.channels" -> channels(json(data));
                case "stream.caught_up" -> caughtUp++;
                case "stream.closing" -> closing = true;
                case "message" -> message(data);
                case "e" -> event(block, json(data));
                default -> throw new AssertionError("unknown " + block);
            }
        }
        String id = block.id();
        if (id != null) {
            commit(id);
        }
    }

    private static String decoded(@Nullable String id) {
        return id == null ? "" : String.valueOf(CursorCodec.decode(id));
    }

    private void commit(String id) {
        if (!(CursorCodec.decode(id) instanceof CursorDecoding.Decoded decoded)) {
            throw new AssertionError("not a cursor: " + id);
        }
        if (watch) {
            // Nothing but the id tells a watcher where a channel begins.
            for (String channel : asked) {
                Ledger.Position promised = Ledger.promised(decoded.cursor(), log.partitionOf(channel), channel);
                if (!everEnded.contains(channel) && !ledger.has(channel) && promised != null) {
                    ledger.begin(channel, promised.offset());
                }
            }
        }
        ledger.commit(decoded.cursor());
        for (String channel : pendingEarliest) {
            require(decoded.cursor().isPending(Cursor.channelHash(channel)), "its start is not kept", channel);
        }
        requireEarliest(decoded.cursor());
        lastId = id;
    }

    private void message(String data) {
        require(watch, "unnamed", data);
        require(data.equals(opened ? "disconnected" : "connected"), "unnamed", data);
        closing = opened;
        opened = true;
    }

    private void open(JsonNode data) {
        require(!opened, "twice", data);
        opened = true;
        Set<String> missing = new HashSet<>(asked);
        for (JsonNode channel : data.get("channels")) {
            String name = channel.get("channel").asText();
            require(missing.remove(name), "not asked for", channel);
            requireStart(name, channel.get("start"));
            start(name, channel.get("start"), true);
        }
        require(everEnded.containsAll(missing), "missing", missing);
        missing.forEach(ledger::forget);
    }

    /** The start that a channel asks for counts if the cursor was not made for it, and only then. */
    private void requireStart(String channel, JsonNode start) {
        String at = start.path("at").asText();
        if (wasPending(channel)) {
            require(at.equals("earliest") || at.equals("pending"), channel + " waited for its oldest event", start);
        } else if (isNew(channel)) {
            String wanted =
                    switch (Objects.requireNonNull(starts.get(channel))) {
                        case Start.Live live -> "live";
                        case Start.Earliest earliest -> "earliest";
                        case Start.At offset -> "offset";
                    };
            require(at.equals(wanted) || at.equals("pending") || start.has("reset"), channel + " is new", start);
        }
    }

    private boolean wasPending(String channel) {
        return sent != null && sent.isPending(Cursor.channelHash(channel));
    }

    private boolean isNew(String channel) {
        return sent == null || Ledger.promised(sent, log.partitionOf(channel), channel) == null;
    }

    private void start(String channel, JsonNode start, boolean opening) {
        boolean fromTheOldest = opening
                ? isNew(channel) && starts.get(channel) instanceof Start.Earliest
                : addedFromTheOldest.getOrDefault(channel, false);
        fromTheOldest |= opening && wasPending(channel);
        if (start.path("at").asText().equals("pending") && !start.has("offset") && fromTheOldest) {
            pendingEarliest.add(channel);
        } else {
            pendingEarliest.remove(channel);
        }
        JsonNode offset = start.get("offset");
        if (start.has("reset")) {
            String reason = start.get("reset").asText();
            requireResetAllowed(reason);
            resetTo(channel, reason, offset);
            return;
        }
        if (offset == null) {
            return;
        }
        Ledger.Position promised =
                opening && sent != null ? Ledger.promised(sent, log.partitionOf(channel), channel) : null;
        require(promised == null || promised.offset() == offset.asLong(), channel + " was promised " + promised, start);
        if (ledger.has(channel)) {
            ledger.goesOnFrom(channel, offset.asLong());
        } else {
            ledger.begin(channel, offset.asLong());
            if (start.path("at").asText().equals("earliest")) {
                earliest.put(channel, offset.asLong());
            }
        }
    }

    /** Nothing that can still be read was left out. */
    private void requireEarliest(Cursor cursor) {
        earliest.forEach((channel, offset) -> {
            PartitionId id = log.partitionOf(channel);
            Ledger.Position promised = Ledger.promised(cursor, id, channel);
            Partition partition =
                    promised == null || promised.generation() == null ? null : log.of(id, promised.generation());
            require(partition == null || !partition.hasIn(channel, partition.logStart, offset), "earliest", channel);
        });
        earliest.clear();
    }

    private void channels(JsonNode data) {
        for (JsonNode removed : data.path("removed")) {
            ledger.forget(removed.get("channel").asText());
            pendingEarliest.remove(removed.get("channel").asText());
        }
        for (JsonNode added : data.path("added")) {
            String channel = added.get("channel").asText();
            asked.add(channel);
            ledger.forget(channel);
            start(channel, added.get("start"), false);
        }
        for (JsonNode refusal : data.path("refused")) {
            // A change that was not made because too many are pending has changed nothing.
            if (!refusal.path("reason").asText().equals("too_many_changes")) {
                refused.add(refusal.get("channel").asText());
            }
        }
        for (JsonNode available : data.path("available")) {
            start(available.get("channel").asText(), available.get("start"), false);
        }
    }

    private void gap(JsonNode data) {
        long from = data.get("from").asLong();
        long to = data.get("to").asLong();
        require(from < to && data.get("lost").asLong() == to - from, "gap", data);
        for (JsonNode channel : data.get("channels")) {
            pendingEarliest.remove(channel.asText());
            if (watch && everEnded.contains(channel.asText())) {
                continue;
            }
            if (watch && !ledger.has(channel.asText())) {
                ledger.begin(channel.asText(), from);
            }
            ledger.lost(channel.asText(), from, to);
        }
    }

    private void reset(JsonNode data) {
        requireResetAllowed(data.get("reason").asText());
        for (JsonNode channel : data.get("channels")) {
            JsonNode offset = channel.get("start").get("offset");
            if (offset != null) {
                pendingEarliest.remove(channel.get("channel").asText());
            }
            String name = channel.get("channel").asText();
            resetTo(name, data.get("reason").asText(), watch && everEnded.contains(name) ? null : offset);
        }
    }

    private void resetTo(String channel, String reason, @Nullable JsonNode offset) {
        if (offset == null) {
            ledger.forget(channel);
        } else if (reason.equals("truncated") && ledger.has(channel)) {
            ledger.truncatedTo(channel, offset.asLong());
        } else {
            ledger.begin(channel, offset.asLong());
        }
    }

    private void event(Block block, JsonNode data) {
        JsonNode value = watch ? data : data.get("data");
        String channel = value.get("c").asText();
        long offset = value.get("o").asLong();
        require(block.id() != null, "an event without id", block);
        require(watch || data.get("channel").asText().equals(channel), "envelope", data);
        require(watch || data.get("id").asText().equals("i" + offset), "envelope", data);
        require(asked.contains(channel), "not asked for", block);
        require(block.startByte() < endedAtByte.getOrDefault(channel, Long.MAX_VALUE), "no access any more", block);
        if (watch && everEnded.contains(channel)) {
            return;
        }
        if (watch && !ledger.has(channel)) {
            ledger.begin(channel, offset);
        }
        ledger.given(
                channel,
                new Generation(value.get("g").asInt()),
                offset,
                value.get("e").asInt());
    }

    private void requireResetAllowed(String reason) {
        require(allowedResets.contains(reason), "reset without cause", reason);
    }

    private static void require(boolean condition, String what, Object seen) {
        if (!condition) {
            throw new AssertionError(what + ": " + seen);
        }
    }

    private static JsonNode json(String data) {
        try {
            return JSON.readTree(data);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + data, e);
        }
    }
}
