package io.tailrace.systemtests.fuzz.request;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Asks for a stream from a cursor that is not quite one. Half of what is changed gets a right checksum again (CRC-8, the
 * last byte), so that it is read to its end.
 */
final class CursorMutation implements Mutation {
    private final List<String> cursors;

    CursorMutation(List<String> cursors) {
        this.cursors = cursors;
    }

    @Override
    public void apply(Draft draft, Dice dice) {
        String cursor = cursor(dice);
        if (dice.oneIn(2)) {
            draft.set("Last-Event-ID", cursor);
            if (dice.oneIn(4)) {
                draft.add("Sec-Fetch-Mode", "cors");
            }
        } else {
            draft.target += "&last_event_id=" + cursor;
        }
        if (dice.oneIn(4)) {
            draft.target += "&start="
                    + dice.of("earliest", "last:5", "live", "last:0", "last:-1", "last:99999999999", "last:", "x");
        }
    }

    private String cursor(Dice dice) {
        String good = dice.of(cursors);
        byte[] bytes = Base64.getUrlDecoder().decode(good);
        return switch (dice.below(9)) {
            case 0 -> good.substring(0, dice.below(good.length()));
            case 1 -> dice.of(good + good, good + "A", good + "=", "=" + good, good.replace('A', '+'), "_", "-", "AA");
            case 2 -> "A".repeat(1 + dice.below(dice.of(List.of(100, 9_000, 14_000))));
            case 3 -> text(dice.bytes(1 + dice.below(60)));
            case 4 -> {
                byte[] other = bytes.clone();
                other[0] = (byte) dice.below(256);
                yield text(checked(other));
            }
            case 5 -> text(checked(Arrays.copyOf(bytes, 1 + dice.below(bytes.length + 40))));
            case 6 -> {
                // Varints without an end, and numbers that are too large.
                byte[] more = Arrays.copyOf(bytes, bytes.length + 12);
                Arrays.fill(more, 5, more.length, (byte)
                        dice.of(List.of(0xff, 0x80, 0x81)).intValue());
                yield text(checked(more));
            }
            default -> {
                for (int i = 1 + dice.below(3); i > 0; i--) {
                    bytes[dice.below(bytes.length)] ^= (byte) (1 << dice.below(8));
                }
                yield text(dice.oneIn(3) ? bytes : checked(bytes));
            }
        };
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The same with a last byte that is the CRC-8 (polynomial 0x07) of those before. */
    private static byte[] checked(byte[] bytes) {
        int crc = 0;
        for (int i = 0; i < bytes.length - 1; i++) {
            crc ^= bytes[i] & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x80) == 0 ? crc << 1 : crc << 1 ^ 0x07;
            }
            crc &= 0xff;
        }
        bytes[bytes.length - 1] = (byte) crc;
        return bytes;
    }
}
