package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.CursorCodec;
import io.tailrace.contracts.cursor.CursorDecoding;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.BatchBuilder;
import io.tailrace.edge.window.PartitionFacts;
import io.tailrace.edge.window.PartitionId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A loop over a log that only takes notes of what it is asked. */
final class LoopBench implements LogPort, FaultListener {
    static final PartitionId P0 = new PartitionId(1, 0);
    static final PartitionId P1 = new PartitionId(1, 1);
    static final PartitionId Q0 = new PartitionId(2, 0);
    static final Generation G = new Generation(77);
    static final Start LIVE = new Start.Live();

    /** With {@code n:} before them they have the same {@link Cursor#channelHash}. */
    static final String[] SAME_HASH = {"jyscgchf", "tdzwsnrq"};

    final List<String> asked = new ArrayList<>();
    final List<String> faults = new ArrayList<>();
    final StreamLoop loop;

    /** What the log throws at the next call, if anything. */
    @Nullable
    RuntimeException broken;

    long nowMs = 1_000_000;

    /** The time of day, far from the other clock; a test sets it as people do. */
    long wallMs = 1_790_000_000_000L;

    long lastAsk;

    LoopBench() {
        this(StreamSettings.DEFAULTS);
    }

    LoopBench(StreamSettings settings) {
        loop = new StreamLoop(settings, this, new Random(42), this);
    }

    @Override
    public void subscribe(PartitionId partition) {
        fail();
        asked.add("subscribe " + partition);
    }

    @Override
    public void release(PartitionId partition) {
        asked.add("release " + partition);
    }

    @Override
    public void requestLogEnd(PartitionId partition, int epoch, long ask) {
        fail();
        asked.add("end " + partition);
        lastAsk = ask;
    }

    @Override
    public void requestReplay(PartitionId partition, Generation generation, long fromOffset) {
        fail();
        asked.add("replay " + partition + " " + fromOffset);
    }

    /** The defaults, but for how much is written at once, and how much may be pending. */
    static StreamSettings pending(int appendBytes, long pendingBytes, int reserveBytes) {
        return new StreamSettings(
                1,
                1_000_000,
                64 << 10,
                1 << 20,
                appendBytes,
                1_000,
                15_000,
                15_000,
                10_000,
                2_000,
                60_000,
                64 << 10,
                1_000,
                pendingBytes,
                reserveBytes);
    }

    /** The defaults, but for how many channels a stream may come to have. */
    static StreamSettings maxChannels(int channels) {
        return new StreamSettings(
                4L << 20, 16L << 20, 64 << 10, 1 << 20, 16 << 10, 1_000, 15_000, 15_000, 120_000, 2_000, 60_000,
                64 << 10, channels, 16L << 20, 4 << 10);
    }

    private void fail() {
        RuntimeException thrown = broken;
        broken = null;
        if (thrown != null) {
            throw thrown;
        }
    }

    @Override
    public void onFault(String during, Throwable cause) {
        faults.add(during + ": " + cause.getMessage());
    }

    static WantedChannel wanted(String channel, PartitionId partition, Start start) {
        return new WantedChannel(channel, partition, start);
    }

    static Start at(long offset) {
        return new Start.At(G, offset);
    }

    EventStream open(RecordingSink sink, WantedChannel... channels) {
        return open(sink, StreamPlan.Mode.CHANNELS, Long.MAX_VALUE, channels);
    }

    EventStream open(RecordingSink sink, StreamPlan.Mode mode, long tokenExpiresAtMs, WantedChannel... channels) {
        EventStream stream = loop.open(
                new StreamPlan("c1", mode, Arrays.asList(channels), false, null, tokenExpiresAtMs), sink, nowMs);
        turn();
        return stream;
    }

    void ready(PartitionId partition, long logStart, long head) {
        loop.onPartitionReady(new PartitionFacts(partition, G, logStart, head), List.of());
        turn();
    }

    /** A batch with one record on each channel, from an offset. */
    static Batch batch(PartitionId partition, long from, String... channels) {
        BatchBuilder builder = new BatchBuilder(partition, G, from);
        for (int i = 0; i < channels.length; i++) {
            byte[] value = String.valueOf(from + i).getBytes(StandardCharsets.US_ASCII);
            builder.add(from + i, channels[i], "e", "i", "t", value);
        }
        return builder.build(from + channels.length);
    }

    void batch(Batch batch) {
        loop.onBatch(batch);
        turn();
    }

    void turn() {
        for (int i = 0; i < 100 && loop.turn(nowMs); i++) {
            // until there is nothing more to do at once
        }
    }

    void after(long ms) {
        nowMs += ms;
        wallMs += ms;
        loop.tick(nowMs, wallMs);
        turn();
    }

    /** The values of the events of a sink, which are their offsets. */
    static List<Long> offsets(RecordingSink sink) {
        return sink.data("e").stream()
                .map(data -> Long.parseLong(data.replaceAll(".*\"data\":([0-9]+)}", "$1")))
                .toList();
    }

    /** The cursor that the last id is. */
    static Cursor cursor(RecordingSink sink) {
        String id = sink.blocks.stream()
                .map(block -> block.id())
                .filter(each -> each != null)
                .reduce("", (before, next) -> next);
        if (!(CursorCodec.decode(id) instanceof CursorDecoding.Decoded decoded)) {
            throw new AssertionError("no cursor: " + id);
        }
        return decoded.cursor();
    }

    /** Where the last id says that a partition goes on. */
    static Cursor.PartitionPosition position(RecordingSink sink, PartitionId partition) {
        Cursor cursor = cursor(sink);
        return cursor.topics().stream()
                .filter(topic -> topic.namespace() == partition.namespace())
                .flatMap(topic -> topic.partitions().stream())
                .filter(position -> position.partition() == partition.partition())
                .findFirst()
                .orElseThrow(() -> new AssertionError(partition + " is not in " + cursor));
    }
}
