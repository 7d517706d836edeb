package io.tailrace.systemtests.fuzz.request;

import java.util.Arrays;

/** Changes bytes without knowing what they mean. Pure. */
final class BytesMutation {
    private BytesMutation() {}

    /** Some of them flipped, left out, repeated, put in or cut off. */
    static byte[] apply(byte[] bytes, Dice dice) {
        byte[] out = bytes.clone();
        for (int i = 1 + dice.below(3); i > 0 && out.length > 0; i--) {
            int from = dice.below(out.length);
            int to = Math.min(out.length, from + 1 + dice.below(40));
            out = switch (dice.below(6)) {
                case 0, 1 -> {
                    out[from] ^= (byte) (1 << dice.below(8));
                    yield out;
                }
                case 2 -> joined(Arrays.copyOf(out, from), Arrays.copyOfRange(out, to, out.length));
                case 3 -> JsonMutation.insert(out, Arrays.copyOfRange(out, from, to), dice.below(out.length));
                case 4 -> JsonMutation.insert(out, dice.bytes(1 + dice.below(12)), from);
                default -> Arrays.copyOf(out, from);
            };
        }
        return out;
    }

    static byte[] joined(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        byte[] out = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, out, at, part.length);
            at += part.length;
        }
        return out;
    }
}
