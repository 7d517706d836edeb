package io.tailrace.contracts.cursor;

import java.util.UUID;

/**
 * Twenty-four bits of a Kafka topic id (KIP-516). A topic that is deleted and created again starts at offset zero under
 * a new id; the generation in a cursor makes an edge notice, with a chance of 1 in 16,777,216 to miss it.
 *
 * @param bits 0 to 0xffffff
 */
public record Generation(int bits) {
    /** Checks the range. */
    public Generation {
        if (bits < 0 || bits > 0xffffff) {
            throw new IllegalArgumentException("generation: " + bits + ", expected 24 bits");
        }
    }

    /** The generation of the topic with this id. */
    public static Generation of(UUID topicId) {
        long mixed = (topicId.getMostSignificantBits() ^ topicId.getLeastSignificantBits()) * 0x9e3779b97f4a7c15L;
        return new Generation((int) (mixed >>> 40));
    }
}
