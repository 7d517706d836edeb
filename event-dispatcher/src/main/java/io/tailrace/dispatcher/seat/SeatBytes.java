package io.tailrace.dispatcher.seat;

import io.tailrace.contracts.seat.Reservation;
import io.tailrace.contracts.seat.SeatDecision.Accepted;
import io.tailrace.contracts.seat.SeatDecision.Reason;
import io.tailrace.contracts.seat.SeatDecision.Refused;
import io.tailrace.contracts.seat.SeatId;
import io.tailrace.contracts.seat.Section;
import io.tailrace.contracts.seat.Show;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * The values of the store, in bytes. Binary, because several of them are written for each command, and again into the
 * changelog. Each begins with {@link #VERSION}; a change of a form is a new version of the application. The order of the
 * constants of {@link Reason} and of the states is part of the form. Stateless.
 */
final class SeatBytes {
    private static final int VERSION = 1;
    private static final byte STEP = -1;
    private static final Reservation.State[] STATES = Reservation.State.values();
    private static final Reason[] REASONS = Reason.values();

    private SeatBytes() {}

    private interface Writer {
        void to(DataOutputStream out) throws IOException;
    }

    private interface Reader<T> {
        T from(DataInputStream in) throws IOException;
    }

    static byte[] booking(Booking booking) {
        return write(out -> {
            Reservation reservation = booking.reservation();
            out.writeLong(booking.fingerprint());
            out.writeUTF(reservation.userId());
            out.writeByte(reservation.state().ordinal());
            out.writeLong(reservation.expiresAt().toEpochMilli());
            writeSeats(out, reservation.seats());
        });
    }

    /** Reads a booking; the ids are in its key. */
    static Booking booking(byte[] bytes, UUID showId, UUID id) {
        return read(bytes, in -> {
            long fingerprint = in.readLong();
            String userId = in.readUTF();
            Reservation.State state = STATES[in.readByte()];
            Instant expiresAt = Instant.ofEpochMilli(in.readLong());
            return new Booking(new Reservation(id, showId, userId, readSeats(in), state, expiresAt), fingerprint);
        });
    }

    static byte[] uuid(UUID uuid) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
    }

    static UUID uuid(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    static byte[] number(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    static long number(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getLong();
    }

    static byte[] holdings(Holdings holdings) {
        return write(out -> {
            out.writeInt(holdings.seats());
            out.writeInt(holdings.reservations().size());
            for (UUID reservation : holdings.reservations()) {
                writeUuid(out, reservation);
            }
        });
    }

    static Holdings holdings(byte[] bytes) {
        return read(bytes, in -> {
            int seats = in.readInt();
            List<UUID> reservations = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                reservations.add(readUuid(in));
            }
            return new Holdings(seats, reservations);
        });
    }

    /** An accepted step is named by its reservation, which it brought to its last state. */
    static byte[] answer(PastDecision answer) {
        return write(out -> {
            out.writeLong(answer.fingerprint());
            switch (answer.decision()) {
                case Accepted(UUID _, Reservation reservation) -> {
                    out.writeByte(STEP);
                    writeUuid(out, reservation.id());
                    out.writeByte(reservation.state().ordinal());
                }
                case Refused(UUID _, Reason reason, List<SeatId> seats) -> {
                    out.writeByte(reason.ordinal());
                    writeSeats(out, seats);
                }
            }
        });
    }

    /**
     * Reads an answer.
     *
     * @param commandId the command that it answers
     * @param reservations gives the reservation of an accepted step as it stands
     */
    static PastDecision answer(byte[] bytes, UUID commandId, Function<UUID, Reservation> reservations) {
        return read(bytes, in -> {
            long fingerprint = in.readLong();
            int kind = in.readByte();
            if (kind == STEP) {
                Reservation reservation = reservations.apply(readUuid(in));
                return new PastDecision(new Accepted(commandId, reservation.in(STATES[in.readByte()])), fingerprint);
            }
            return new PastDecision(new Refused(commandId, REASONS[kind], readSeats(in)), fingerprint);
        });
    }

    static byte[] show(Show show) {
        return write(out -> {
            writeUuid(out, show.id());
            out.writeUTF(show.organizerId());
            out.writeUTF(show.name());
            out.writeLong(show.startsAt().toEpochMilli());
            out.writeInt(show.holdSeconds());
            out.writeInt(show.maxHoldSeconds());
            out.writeInt(show.maxSeatsPerUser());
            out.writeInt(show.sections().size());
            for (Section section : show.sections()) {
                out.writeUTF(section.name());
                out.writeInt(section.rows());
                out.writeInt(section.seatsPerRow());
                out.writeUTF(section.price().toString());
            }
        });
    }

    static Show show(byte[] bytes) {
        return read(bytes, in -> {
            UUID id = readUuid(in);
            String organizerId = in.readUTF();
            String name = in.readUTF();
            Instant startsAt = Instant.ofEpochMilli(in.readLong());
            int holdSeconds = in.readInt();
            int maxHoldSeconds = in.readInt();
            int maxSeatsPerUser = in.readInt();
            List<Section> sections = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                sections.add(new Section(in.readUTF(), in.readInt(), in.readInt(), new BigDecimal(in.readUTF())));
            }
            return new Show(id, organizerId, name, startsAt, sections, holdSeconds, maxHoldSeconds, maxSeatsPerUser);
        });
    }

    private static void writeSeats(DataOutputStream out, List<SeatId> seats) throws IOException {
        out.writeInt(seats.size());
        for (SeatId seat : seats) {
            out.writeUTF(seat.section());
            out.writeShort(seat.row());
            out.writeShort(seat.number());
        }
    }

    private static List<SeatId> readSeats(DataInputStream in) throws IOException {
        List<SeatId> seats = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            seats.add(new SeatId(in.readUTF(), in.readShort(), in.readShort()));
        }
        return seats;
    }

    private static void writeUuid(DataOutputStream out, UUID uuid) throws IOException {
        out.writeLong(uuid.getMostSignificantBits());
        out.writeLong(uuid.getLeastSignificantBits());
    }

    private static UUID readUuid(DataInputStream in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }

    private static byte[] write(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(96);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            writer.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static <T> T read(byte[] bytes, Reader<T> reader) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new IllegalStateException("a stored value has form " + version + ", expected " + VERSION);
            }
            return reader.from(in);
        } catch (IOException e) {
            throw new UncheckedIOException("a stored value is cut short", e);
        }
    }
}
