package io.tailrace.contracts.seat;

import java.util.HexFormat;
import java.util.UUID;

/**
 * What a command asks for, in eight bytes: two commands under one id are the same command if theirs are equal. The id
 * itself is not part of it, the order of the seats is. FNV-1a (Fowler, Noll, Vo) with a final mix; against mistakes, not
 * against an adversary, who could only confuse the answers to own commands: the person is part of it. Pure.
 */
public final class CommandFingerprint {
    private static final long FNV_OFFSET = 0xcbf2_9ce4_8422_2325L;
    private static final long FNV_PRIME = 0x0000_0100_0000_01b3L;

    private CommandFingerprint() {}

    /** The fingerprint of a command. */
    public static long of(SeatCommand command) {
        return switch (command) {
            case SeatCommand.Hold hold -> {
                long hash = start('h', hold.showId(), hold.userId());
                hash = number(hash, hold.holdSeconds());
                hash = number(hash, hold.seats().size());
                for (SeatId seat : hold.seats()) {
                    hash = number(number(text(hash, seat.section()), seat.row()), seat.number());
                }
                yield mixed(hash);
            }
            case SeatCommand.Confirm confirm ->
                mixed(uuid(start('c', confirm.showId(), confirm.userId()), confirm.reservationId()));
            case SeatCommand.Release release ->
                mixed(uuid(start('r', release.showId(), release.userId()), release.reservationId()));
        };
    }

    /** A fingerprint as 16 hexadecimal digits, as on the wire. */
    public static String text(long fingerprint) {
        return HexFormat.of().toHexDigits(fingerprint);
    }

    private static long start(char kind, UUID showId, String userId) {
        return text(uuid(number(FNV_OFFSET, kind), showId), userId);
    }

    private static long uuid(long hash, UUID id) {
        return number(number(hash, id.getMostSignificantBits()), id.getLeastSignificantBits());
    }

    /** The length goes first, so that what follows cannot be taken for a part of the text. */
    private static long text(long hash, String text) {
        long next = number(hash, text.length());
        for (int i = 0; i < text.length(); i++) {
            next = (next ^ text.charAt(i)) * FNV_PRIME;
        }
        return next;
    }

    private static long number(long hash, long value) {
        long next = hash;
        for (int shift = 0; shift < Long.SIZE; shift += Integer.SIZE) {
            next = mixed((next ^ value >>> shift & 0xffff_ffffL) * FNV_PRIME);
        }
        return next;
    }

    /** The final mix of SplitMix64: each bit depends on every other. */
    private static long mixed(long hash) {
        long next = (hash ^ hash >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        next = (next ^ next >>> 27) * 0x94d0_49bb_1331_11ebL;
        return next ^ next >>> 31;
    }
}
