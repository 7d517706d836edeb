package io.tailrace.dispatcher.schedule;

import com.fasterxml.jackson.databind.util.RawValue;
import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.contracts.job.ScheduleEvents.ScheduleSet;
import io.tailrace.dispatcher.job.PendingStore;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The book in a Kafka Streams store. A schedule is written when it changes, and a firing writes its next time alone: {@code s} and the
 * name has the schedule as JSON, {@code n} and the name its next time, and {@code d}, the next time and the name is the index of those.
 * Belongs to one task.
 */
final class StoreScheduleBook implements ScheduleBook {
    private static final byte CLOCK = 'c';
    private static final byte SCHEDULE = 's';
    private static final byte NEXT = 'n';
    private static final byte DUE = 'd';
    private static final byte[] PRESENT = {1};
    private static final Bytes DUE_INDEX = Bytes.wrap(new byte[] {DUE});
    private static final Bytes CLOCK_KEY = Bytes.wrap(new byte[] {CLOCK});

    private final PendingStore store;

    StoreScheduleBook(KeyValueStore<Bytes, byte[]> store) {
        this.store = new PendingStore(store);
    }

    @Override
    public @Nullable ArmedSchedule schedule(String name) {
        byte @Nullable [] json = store.get(named(SCHEDULE, name));
        if (json == null) {
            return null;
        }
        byte[] next = Objects.requireNonNull(store.get(named(NEXT, name)), "a schedule has no next time");
        return new ArmedSchedule(read(json), ByteBuffer.wrap(next).getLong());
    }

    @Override
    public List<ArmedSchedule> due(long nowMs, int limit) {
        Bytes end = Bytes.wrap(
                ByteBuffer.allocate(1 + Long.BYTES).put(DUE).putLong(nowMs + 1).array());
        return store.first(DUE_INDEX, DUE_INDEX, end, limit).stream()
                .map(entry -> Objects.requireNonNull(
                        schedule(dueName(entry.key)), "a schedule is missing that the index names"))
                .toList();
    }

    @Override
    public void put(@Nullable ArmedSchedule before, JobSchedule schedule, long nextMs) {
        store.put(named(SCHEDULE, schedule.name()), write(schedule));
        next(schedule.name(), before, nextMs);
    }

    @Override
    public void arm(ArmedSchedule before, long nextMs) {
        next(before.name(), before, nextMs);
    }

    private void next(String name, @Nullable ArmedSchedule before, long nextMs) {
        if (before != null) {
            store.put(DUE_INDEX, due(before.nextMs(), name), null);
        }
        store.put(DUE_INDEX, due(nextMs, name), PRESENT);
        store.put(named(NEXT, name), bytes(nextMs));
    }

    @Override
    public void remove(ArmedSchedule before) {
        store.put(DUE_INDEX, due(before.nextMs(), before.name()), null);
        store.put(named(NEXT, before.name()), null);
        store.put(named(SCHEDULE, before.name()), null);
    }

    @Override
    public void keep() {
        store.keep();
    }

    @Override
    public void discard() {
        store.discard();
    }

    /** The task's time as it was kept last; 0 at first. */
    long clockMs() {
        byte @Nullable [] bytes = store.get(CLOCK_KEY);
        return bytes == null ? 0 : ByteBuffer.wrap(bytes).getLong();
    }

    /** Keeps the task's time, with what else is kept next. */
    void putClock(long nowMs) {
        store.put(CLOCK_KEY, bytes(nowMs));
    }

    private static byte[] write(JobSchedule schedule) {
        return Json.write(ScheduleSet.of(schedule, new RawValue(schedule.payload())));
    }

    private static JobSchedule read(byte[] json) {
        try {
            ScheduleSet set = Json.read(json, ScheduleSet.class);
            return set.schedule(ScheduleFact.json(set.payload()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    private static Bytes named(byte kind, String name) {
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        return Bytes.wrap(
                ByteBuffer.allocate(1 + text.length).put(kind).put(text).array());
    }

    private static Bytes due(long atMs, String name) {
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        return Bytes.wrap(ByteBuffer.allocate(1 + Long.BYTES + text.length)
                .put(DUE)
                .putLong(atMs)
                .put(text)
                .array());
    }

    private static String dueName(Bytes key) {
        byte[] bytes = key.get();
        int from = 1 + Long.BYTES;
        return new String(bytes, from, bytes.length - from, StandardCharsets.US_ASCII);
    }
}
