package io.tailrace.dispatcher.job;

import io.tailrace.contracts.job.JobSpec;
import io.tailrace.contracts.job.JobState;
import io.tailrace.contracts.job.QueueLimits;
import io.tailrace.contracts.job.RetryPolicy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The values of the store, in bytes. Binary, because several of them are written for each command, and again into the
 * changelog. Each begins with {@link #VERSION}, the state of a queue with {@link #QUEUE_VERSION}; a change of another form is a new version of the
 * application. The order of the constants of {@link JobState} is part of the form. Stateless.
 */
final class JobBytes {
    private static final int VERSION = 1;

    /** Since types have a credit of their own. Before that a queue had one uptake, and its candidates one index. */
    private static final int QUEUE_VERSION = 2;

    private static final JobState[] STATES = JobState.values();
    private static final long NO_TIME = Long.MIN_VALUE;

    private JobBytes() {}

    private interface Writer {
        void to(DataOutputStream out) throws IOException;
    }

    private interface Reader<T> {
        T from(DataInputStream in) throws IOException;
    }

    static byte[] job(StoredJob job) {
        return write(out -> {
            StoredJob.Origin origin = job.origin();
            out.writeUTF(origin.queue());
            writeSpec(out, origin.spec());
            out.writeLong(origin.fingerprint());
            out.writeLong(origin.enqueuedMs());
            out.writeLong(origin.dueMs());
            out.writeLong(job.order());
            out.writeInt(job.attempt());
            out.writeInt(job.uncounted());
            out.writeLong(job.token());
            out.writeInt(job.revision());
            writeUuid(out, job.lastCommand());
            out.writeLong(job.startedMs());
            writeText(out, job.worker());
            writePhase(out, job.phase());
        });
    }

    /** Reads a job; the id is in its key. */
    static StoredJob job(byte[] bytes, UUID id) {
        return read(bytes, in -> {
            StoredJob.Origin origin =
                    new StoredJob.Origin(id, in.readUTF(), readSpec(in), in.readLong(), in.readLong(), in.readLong());
            return new StoredJob(
                    origin,
                    in.readLong(),
                    in.readInt(),
                    in.readInt(),
                    in.readLong(),
                    in.readInt(),
                    readUuid(in),
                    in.readLong(),
                    readText(in),
                    readPhase(in));
        });
    }

    static byte[] queue(QueueState queue) {
        return write(QUEUE_VERSION, out -> {
            QueueCounts counts = queue.counts();
            out.writeBoolean(queue.paused());
            out.writeBoolean(queue.limited());
            out.writeInt(queue.limits().concurrency());
            out.writeDouble(queue.limits().ratePerSecond());
            out.writeInt(queue.limits().keyConcurrency());
            out.writeDouble(queue.limits().keyRatePerSecond());
            out.writeInt(counts.scheduled());
            out.writeInt(counts.retrying());
            out.writeInt(counts.waiting());
            out.writeInt(counts.candidates());
            out.writeInt(counts.released());
            out.writeInt(counts.running());
            out.writeInt(counts.stopping());
            out.writeLong(queue.nextOrder());
            out.writeLong(queue.rateUs());
            writeText(out, queue.sweep());
            out.writeInt(queue.types().size());
            for (Map.Entry<String, TypeState> type : queue.types().entrySet()) {
                out.writeUTF(type.getKey());
                out.writeInt(type.getValue().candidates());
                out.writeInt(type.getValue().released());
                out.writeLong(type.getValue().uptake().step());
                out.writeInt(type.getValue().uptake().starts());
                out.writeInt(type.getValue().uptake().before());
            }
        });
    }

    /** Reads a queue; the name is in its key. One from before types had credits has all its jobs under {@link QueueState#SHARED}. */
    static QueueState queue(byte[] bytes, String name) {
        boolean untyped = bytes[0] == VERSION;
        return read(untyped ? VERSION : QUEUE_VERSION, bytes, in -> {
            boolean paused = in.readBoolean();
            boolean limited = in.readBoolean();
            QueueLimits limits = new QueueLimits(in.readInt(), in.readDouble(), in.readInt(), in.readDouble());
            QueueCounts counts = new QueueCounts(
                    in.readInt(), in.readInt(), in.readInt(), in.readInt(), in.readInt(), in.readInt(), in.readInt());
            long nextOrder = in.readLong();
            long rateUs = in.readLong();
            SortedMap<String, TypeState> types = new TreeMap<>();
            if (untyped) {
                types.put(QueueState.SHARED, new TypeState(counts.candidates(), counts.released(), readUptake(in)));
            }
            String sweep = readText(in);
            for (int left = untyped ? 0 : in.readInt(); left > 0; left--) {
                types.put(in.readUTF(), new TypeState(in.readInt(), in.readInt(), readUptake(in)));
            }
            return new QueueState(name, paused, limited, limits, counts, QueueState.NO_TYPES, nextOrder, rateUs, sweep)
                    .typed(types);
        });
    }

    private static Uptake readUptake(DataInputStream in) throws IOException {
        return new Uptake(in.readLong(), in.readInt(), in.readInt());
    }

    static byte[] key(KeyState key) {
        return write(out -> {
            out.writeInt(key.active());
            out.writeInt(key.ready());
            out.writeLong(key.rateUs());
            writeUuid(out, key.candidate());
            out.writeBoolean(key.blocked());
            out.writeLong(key.wakeMs());
        });
    }

    static KeyState key(byte[] bytes) {
        return read(
                bytes,
                in -> new KeyState(
                        in.readInt(), in.readInt(), in.readLong(), readUuid(in), in.readBoolean(), in.readLong()));
    }

    static byte[] claim(UniqueClaim claim) {
        return write(out -> {
            writeUuid(out, claim.jobId());
            out.writeLong(claim.untilMs());
        });
    }

    static UniqueClaim claim(byte[] bytes) {
        return read(bytes, in -> {
            UUID job = readUuid(in);
            if (job == null) {
                throw new IOException("a unique key is claimed by nobody");
            }
            return new UniqueClaim(job, in.readLong());
        });
    }

    /** Whether a specification is read as it was written: times are kept in milliseconds, and not before 1970. */
    static boolean isKept(JobSpec spec) {
        Instant runAt = spec.runAt();
        return runAt == null || !runAt.isBefore(Instant.EPOCH) && runAt.getNano() % 1_000_000 == 0;
    }

    private static void writeSpec(DataOutputStream out, JobSpec spec) throws IOException {
        out.writeUTF(spec.type());
        out.writeByte(spec.priority());
        Instant runAt = spec.runAt();
        out.writeLong(runAt == null ? NO_TIME : Math.max(0, runAt.isBefore(Instant.EPOCH) ? 0 : runAt.toEpochMilli()));
        out.writeInt(spec.delaySeconds());
        writeText(out, spec.uniqueKey());
        out.writeInt(spec.uniqueSeconds());
        out.writeByte(spec.maxAttempts());
        out.writeInt(spec.timeoutSeconds());
        writeText(out, spec.key());
        out.writeLong(spec.retry().firstDelayMs());
        out.writeLong(spec.retry().longestDelayMs());
        out.writeByte(spec.retry().giveUpOn().size());
        for (String type : spec.retry().giveUpOn()) {
            out.writeUTF(type);
        }
    }

    private static JobSpec readSpec(DataInputStream in) throws IOException {
        String type = in.readUTF();
        int priority = in.readByte();
        long runAtMs = in.readLong();
        Instant runAt = runAtMs == NO_TIME ? null : Instant.ofEpochMilli(runAtMs);
        int delaySeconds = in.readInt();
        String uniqueKey = readText(in);
        int uniqueSeconds = in.readInt();
        int maxAttempts = in.readByte();
        int timeoutSeconds = in.readInt();
        String key = readText(in);
        long firstDelayMs = in.readLong();
        long longestDelayMs = in.readLong();
        List<String> giveUpOn = new ArrayList<>();
        for (int left = in.readByte(); left > 0; left--) {
            giveUpOn.add(in.readUTF());
        }
        return new JobSpec(
                type,
                priority,
                runAt,
                delaySeconds,
                uniqueKey,
                uniqueSeconds,
                maxAttempts,
                timeoutSeconds,
                key,
                new RetryPolicy(firstDelayMs, longestDelayMs, giveUpOn));
    }

    /** That a job shares its credit is a zero, because that is what jobs have from before types had credits. */
    private static void writePhase(DataOutputStream out, JobPhase phase) throws IOException {
        switch (phase) {
            case JobPhase.Delayed(long dueMs, boolean retrying) -> three(out, 'd', dueMs, retrying ? 1 : 0);
            case JobPhase.Ready(boolean candidate, boolean shared) ->
                three(out, 'r', candidate ? 1 : 0, shared ? 0 : 1);
            case JobPhase.Released(long untilMs, boolean shared) -> three(out, 'l', untilMs, shared ? 0 : 1);
            case JobPhase.Running(long leaseUntilMs, long deadlineMs) -> three(out, 'u', leaseUntilMs, deadlineMs);
            case JobPhase.Stopping(long untilMs, long finishedMs) -> three(out, 's', untilMs, finishedMs);
            case JobPhase.Finished(JobState state, long finishedMs, long forgetMs) -> {
                three(out, 'f', finishedMs, forgetMs);
                out.writeByte(state.ordinal());
            }
        }
    }

    private static void three(DataOutputStream out, char kind, long first, long second) throws IOException {
        out.writeByte(kind);
        out.writeLong(first);
        out.writeLong(second);
    }

    private static JobPhase readPhase(DataInputStream in) throws IOException {
        int kind = in.readByte();
        long first = in.readLong();
        long second = in.readLong();
        return switch (kind) {
            case 'd' -> new JobPhase.Delayed(first, second == 1);
            case 'r' -> new JobPhase.Ready(first == 1, first == 1 && second == 0);
            case 'l' -> new JobPhase.Released(first, second == 0);
            case 'u' -> new JobPhase.Running(first, second);
            case 's' -> new JobPhase.Stopping(first, second);
            case 'f' -> new JobPhase.Finished(STATES[in.readByte()], first, second);
            default -> throw new IOException("a phase of kind " + kind);
        };
    }

    private static void writeUuid(DataOutputStream out, @Nullable UUID id) throws IOException {
        out.writeLong(id == null ? 0 : id.getMostSignificantBits());
        out.writeLong(id == null ? 0 : id.getLeastSignificantBits());
    }

    /** The nil UUID is null. */
    private static @Nullable UUID readUuid(DataInputStream in) throws IOException {
        long high = in.readLong();
        long low = in.readLong();
        return high == 0 && low == 0 ? null : new UUID(high, low);
    }

    private static void writeText(DataOutputStream out, @Nullable String text) throws IOException {
        out.writeBoolean(text != null);
        if (text != null) {
            out.writeUTF(text);
        }
    }

    private static @Nullable String readText(DataInputStream in) throws IOException {
        return in.readBoolean() ? in.readUTF() : null;
    }

    private static byte[] write(Writer writer) {
        return write(VERSION, writer);
    }

    private static byte[] write(int version, Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(version);
            writer.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static <T> T read(byte[] bytes, Reader<T> reader) {
        return read(VERSION, bytes, reader);
    }

    private static <T> T read(int expected, byte[] bytes, Reader<T> reader) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version != expected) {
                throw new IllegalStateException("a stored value has version " + version + ", expected " + expected);
            }
            return reader.from(in);
        } catch (IOException e) {
            throw new UncheckedIOException("a stored value cannot be read", e);
        }
    }
}
