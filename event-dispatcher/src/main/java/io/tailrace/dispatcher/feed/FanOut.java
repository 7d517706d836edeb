package io.tailrace.dispatcher.feed;

import io.tailrace.contracts.event.Event;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.UUID;

/**
 * A post that is delivered to the followers of its author in turns.
 *
 * @param author who wrote it
 * @param event as it is delivered
 * @param timestampMs of its records, in milliseconds since the epoch
 * @param trace of the record that it was read from; empty for none; not copied
 * @param partition of the topic of posts, from which the record came
 * @param offset of the record, for its dead letter
 */
record FanOut(UUID author, Event event, long timestampMs, byte[] trace, int partition, long offset) {
    /** The first byte of what is stored, so that another form can be told from this one. */
    private static final int VERSION = 1;

    /** As it is stored. */
    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256 + event.data().length);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            write(out, author);
            out.writeLong(timestampMs);
            out.writeInt(partition);
            out.writeLong(offset);
            write(out, trace);
            out.writeUTF(event.id());
            out.writeUTF(event.type());
            out.writeUTF(event.source());
            out.writeUTF(event.time().toString());
            write(out, event.data());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads what was stored.
     *
     * @throws IllegalStateException if it is of another form
     */
    static FanOut read(byte[] stored) {
        try (DataInputStream in = begin(stored)) {
            UUID author = uuid(in);
            long timestampMs = in.readLong();
            int partition = in.readInt();
            long offset = in.readLong();
            byte[] trace = bytes(in);
            Event event =
                    new Event(in.readUTF(), in.readUTF(), in.readUTF(), Instant.parse(in.readUTF()), null, bytes(in));
            return new FanOut(author, event, timestampMs, trace, partition, offset);
        } catch (IOException e) {
            throw new UncheckedIOException("a fan-out that ends early", e);
        }
    }

    /** Reads the author alone of what was stored; as {@link #read}. */
    static UUID author(byte[] stored) {
        try (DataInputStream in = begin(stored)) {
            return uuid(in);
        } catch (IOException e) {
            throw new UncheckedIOException("a fan-out that ends early", e);
        }
    }

    private static DataInputStream begin(byte[] stored) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(stored));
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IllegalStateException("a fan-out of version " + version + ", expected " + VERSION);
        }
        return in;
    }

    private static void write(DataOutputStream out, UUID id) throws IOException {
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
    }

    private static UUID uuid(DataInputStream in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }
}
