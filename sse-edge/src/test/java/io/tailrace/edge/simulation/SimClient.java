package io.tailrace.edge.simulation;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.CursorCodec;
import io.tailrace.contracts.cursor.CursorDecoding;
import io.tailrace.edge.simulation.SimLog.Partition;
import io.tailrace.edge.stream.ChangeOutcome;
import io.tailrace.edge.stream.ChannelChanges;
import io.tailrace.edge.stream.EventStream;
import io.tailrace.edge.stream.LanePhase;
import io.tailrace.edge.stream.ResetReason;
import io.tailrace.edge.stream.ResumePlan;
import io.tailrace.edge.stream.Start;
import io.tailrace.edge.stream.StreamPlan;
import io.tailrace.edge.stream.WantedChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A client that reads at its own pace, is cut off, and comes back somewhere with its last id. */
final class SimClient {
    private final SimLog log;
    private final Random random;
    private final Ledger ledger;
    private final boolean watch;
    private final boolean webSocket;
    private final boolean grpc;
    private final boolean tokensEnd;
    private final int pace;
    private final Set<String> wanted = new TreeSet<>();
    private final Set<String> allowedResets = new HashSet<>(Set.of("other_generation", "truncated"));
    private @Nullable String lastId;
    private @Nullable SimLoop loop;
    private @Nullable SimSink sink;
    private @Nullable BlockParser parser;
    private @Nullable Checker checker;
    private int connections;
    private int replays;
    private int answeredPings;
    private int fingerprint;

    SimClient(SimLog log, Random random, boolean tokensEnd) {
        this.tokensEnd = tokensEnd;
        this.log = log;
        this.random = random;
        this.ledger = new Ledger(log);
        this.watch = random.nextInt(6) == 0;
        this.webSocket = !watch && random.nextInt(3) == 0;
        this.grpc = !watch && !webSocket && random.nextInt(3) == 0;
        this.pace = random.nextInt(4);
        List<String> all = log.channels();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            wanted.add(all.get(random.nextInt(all.size())));
        }
    }

    private StreamPlan.Mode mode() {
        if (watch) {
            return StreamPlan.Mode.WATCH;
        }
        return webSocket ? StreamPlan.Mode.WEBSOCKET : grpc ? StreamPlan.Mode.GRPC : StreamPlan.Mode.CHANNELS;
    }

    boolean isConnected() {
        return sink != null;
    }

    void connect(SimLoop target, long nowMs, SimWallClock wallClock, boolean chaos) {
        Cursor cursor = null;
        ResetReason unusable = null;
        if (lastId != null && CursorCodec.decode(lastId) instanceof CursorDecoding.Decoded decoded) {
            cursor = decoded.cursor();
        }
        if (chaos && random.nextInt(40) == 0) {
            cursor = null;
            unusable = ResetReason.MALFORMED;
            allowedResets.add(ResetReason.MALFORMED.text());
            forgetAll();
        } else if (chaos && cursor != null && random.nextInt(40) == 0) {
            cursor = beyond(cursor);
            allowedResets.add(ResetReason.BEYOND_END.text());
            forgetAll();
        }
        if (chaos && random.nextInt(4) == 0) {
            changeWhileAway();
        }
        List<WantedChannel> channels = wanted.stream().map(this::wanted).toList();
        List<WantedChannel> starts = cursor == null ? channels : ResumePlan.split(cursor, channels);
        long lifetimeMs = chaos && random.nextInt(4) == 0 ? random.nextInt(30_000) : Long.MAX_VALUE;
        long expiresAtMs =
                tokensEnd && lifetimeMs < Long.MAX_VALUE ? wallClock.wallMs(nowMs) + lifetimeMs : Long.MAX_VALUE;
        StreamPlan plan = new StreamPlan("c" + connections++, mode(), starts, cursor != null, unusable, expiresAtMs);
        if (Checker.TRACE) {
            System.out.println(System.identityHashCode(ledger) + " Block opens " + starts);
        }
        SimSink next = new SimSink(random);
        checker = new Checker(ledger, log, watch, channels, cursor, allowedResets);
        parser = webSocket
                ? new MessageParser(checker::block)
                : grpc ? new ResponseParser(checker::block) : new SseParser(checker::block);
        answeredPings = 0;
        replays = starts.stream().anyMatch(each -> !(each.start() instanceof Start.Live)) ? 1 : 0;
        next.loop = target.core;
        next.stream = target.core.open(plan, next, nowMs);
        target.sinks.add(next);
        loop = target;
        sink = next;
    }

    /** Reads as much as the client's pace allows; {@code all} for everything there is. */
    void read(boolean all) {
        SimSink from = sink;
        if (from == null || parser == null || checker == null) {
            return;
        }
        int bytes = all
                ? Integer.MAX_VALUE
                : switch (pace) {
                    case 0 -> random.nextInt(40) == 0 ? random.nextInt(2000) : 0;
                    case 1 -> random.nextInt(60);
                    case 2 -> random.nextInt(800);
                    default -> Integer.MAX_VALUE;
                };
        from.read(bytes, parser);
        learn(checker);
        answer(from, parser, all);
        if (checker.caughtUp > replays) {
            throw new AssertionError("caught up " + checker.caughtUp + " times, expected at most " + replays);
        }
        if (from.disconnected || (from.closedByServer && from.isDrained())) {
            left();
        }
    }

    /** A client that never answers is cut, and comes back. */
    private void answer(SimSink from, BlockParser by, boolean always) {
        if (by instanceof MessageParser messages
                && messages.pings() > answeredPings
                && (always || random.nextInt(4) == 0)
                && loop != null
                && from.stream != null
                && !from.isOver()) {
            answeredPings = messages.pings();
            loop.core.onHeard(from.stream);
        }
    }

    private void learn(Checker from) {
        lastId = from.lastId == null ? lastId : from.lastId;
        wanted.removeAll(from.refused);
        from.refused.clear();
        if (wanted.isEmpty()) {
            wanted.add(log.channels().getFirst());
        }
    }

    /** The connection breaks: some of what is under way still arrives, and the server learns of it later. */
    void cut(boolean edgeDied) {
        SimSink from = sink;
        SimLoop on = loop;
        if (from == null || on == null || parser == null || checker == null) {
            return;
        }
        if (random.nextBoolean()) {
            from.loop = null;
            from.read(random.nextInt(3000), parser);
            learn(checker);
        }
        left();
        if (!edgeDied) {
            on.reply(core -> {
                EventStream stream = from.stream;
                if (stream != null && !from.disconnected) {
                    from.disconnected = true;
                    core.onDisconnected(stream);
                }
            });
        }
    }

    /** Asks for other channels on the open stream. */
    void change() {
        SimSink on = sink;
        if (on == null || on.stream == null || loop == null || checker == null || on.isOver() || watch) {
            return;
        }
        List<String> all = log.channels();
        List<WantedChannel> add = new ArrayList<>();
        List<String> remove = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            String channel = all.get(random.nextInt(all.size()));
            if (!wanted.contains(channel) && !remove.contains(channel)) {
                add.add(wanted(channel));
            }
        }
        if (random.nextBoolean() && wanted.size() > 1) {
            remove.add(wanted.iterator().next());
        }
        List<ChannelChanges.Refused> refused =
                random.nextInt(5) == 0 ? List.of(new ChannelChanges.Refused("x\":y", "forbidden")) : List.of();
        if (Checker.TRACE) {
            System.out.println(System.identityHashCode(ledger) + " Block change " + add + remove);
        }
        ChangeOutcome outcome = loop.core.change(on.stream, new ChannelChanges(add, remove, refused));
        if (outcome == ChangeOutcome.ACCEPTED) {
            for (WantedChannel channel : add) {
                wanted.add(channel.name());
                checker.added(channel);
                replays += channel.start() instanceof Start.Live ? 0 : 1;
            }
            remove.forEach(channel -> end(channel, on.totalBytes));
        }
    }

    /** Comes back for other channels than it had. */
    private void changeWhileAway() {
        List<String> all = log.channels();
        for (int i = random.nextInt(4); i > 0; i--) {
            wanted.add(all.get(random.nextInt(all.size())));
        }
        if (random.nextBoolean() && wanted.size() > 1) {
            String left = wanted.iterator().next();
            wanted.remove(left);
            ledger.forget(left);
        }
    }

    /** A new token takes a channel away. */
    void revoke() {
        SimSink on = sink;
        if (on == null || on.stream == null || loop == null || on.isOver() || wanted.size() < 2) {
            return;
        }
        String revoked = wanted.iterator().next();
        loop.core.replaceGrants(on.stream, channel -> !channel.equals(revoked), Long.MAX_VALUE);
        end(revoked, on.totalBytes);
    }

    boolean isOn(SimEdge edge) {
        return loop != null && edge.loops.contains(loop);
    }

    /** Everything that the server has written was read, and the server says that the stream is at the head. */
    boolean hasEverything() {
        SimSink on = sink;
        return on != null
                && on.isDrained()
                && loop != null
                && on.stream != null
                && !on.isOver()
                && loop.core.describe(on.stream).state() == LanePhase.LIVE;
    }

    @Override
    public String toString() {
        SimSink on = sink;
        return on == null || loop == null || on.stream == null
                ? "not connected"
                : loop.core.describe(on.stream) + (on.closedByServer ? " closed" : "");
    }

    void requireAtHead() {
        if (Checker.TRACE) {
            System.out.println(System.identityHashCode(ledger) + " Block end " + wanted + " " + this);
        }
        wanted.forEach(ledger::requireAtHead);
    }

    /** The most that the server ever held for the client beyond its sink's limit. */
    void requireBounded(int slackBytes) {
        if (sink != null && sink.mostBytesOver() > slackBytes) {
            throw new AssertionError("pending " + sink.mostBytesOver() + " bytes over the limit");
        }
    }

    private void end(String channel, long atByte) {
        wanted.remove(channel);
        if (checker != null) {
            checker.ended(channel, atByte);
        }
    }

    /** Of what it has read, and in which pieces. */
    int fingerprint() {
        return 31 * fingerprint + (sink == null ? 0 : sink.readHash);
    }

    private void left() {
        fingerprint = fingerprint();
        sink = null;
        loop = null;
        ledger.cut();
        for (String channel : log.channels()) {
            if (!wanted.contains(channel)) {
                ledger.forget(channel);
            }
        }
    }

    private void forgetAll() {
        ledger.forgetAll();
        lastId = null;
    }

    private WantedChannel wanted(String channel) {
        Partition partition = log.current(log.partitionOf(channel));
        Start start =
                switch (watch ? 0 : random.nextInt(3)) {
                    case 0 -> new Start.Live();
                    case 1 -> new Start.Earliest();
                    default -> {
                        long offset =
                                partition.logStart + random.nextInt((int) (partition.end() - partition.logStart) + 1);
                        int epoch = partition.branch().epochBefore(offset);
                        yield new Start.At(partition.generation, offset, epoch);
                    }
                };
        return new WantedChannel(channel, log.partitionOf(channel), start);
    }

    private static Cursor beyond(Cursor cursor) {
        List<Cursor.TopicPosition> topics = cursor.topics().stream()
                .map(topic -> new Cursor.TopicPosition(
                        topic.namespace(),
                        topic.generation(),
                        topic.partitions().stream()
                                .map(p -> new Cursor.PartitionPosition(p.partition(), p.nextOffset() + 1_000_000))
                                .toList()))
                .toList();
        return topics.isEmpty() ? cursor : new Cursor(topics);
    }
}
