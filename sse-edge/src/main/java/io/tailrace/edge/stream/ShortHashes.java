package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;
import java.util.Arrays;

/** The members of a partition's position as a cursor has them. Stateless. */
final class ShortHashes {
    private static final int BYTES = 3;

    private ShortHashes() {}

    /** Ascending, each once, three bytes each. */
    static byte[] encoded(Subscription[] subscriptions) {
        int[] hashes = new int[subscriptions.length];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = Cursor.shortHash(subscriptions[i].channelHash());
        }
        int count = sortDistinct(hashes, hashes.length);
        byte[] encoded = new byte[count * BYTES];
        for (int i = 0; i < count; i++) {
            encoded[i * BYTES] = (byte) (hashes[i] >>> 16);
            encoded[i * BYTES + 1] = (byte) (hashes[i] >>> 8);
            encoded[i * BYTES + 2] = (byte) hashes[i];
        }
        return encoded;
    }

    /** How many there are in what {@link #encoded} has made. */
    static int count(byte[] encoded) {
        return encoded.length / BYTES;
    }

    /** Sorts the first {@code length} and moves each once to the front; how many they are. */
    static int sortDistinct(int[] hashes, int length) {
        Arrays.sort(hashes, 0, length);
        int count = 0;
        for (int i = 0; i < length; i++) {
            if (i == 0 || hashes[i] != hashes[i - 1]) {
                hashes[count++] = hashes[i];
            }
        }
        return count;
    }
}
