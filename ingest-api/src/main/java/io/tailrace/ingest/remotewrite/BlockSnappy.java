package io.tailrace.ingest.remotewrite;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.compression.Snappy;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;

/** The body of a request in Snappy's block format, as remote-write has it; the framing format is another one. Pure. */
final class BlockSnappy {
    private static final int LENGTH_BITS = 7;
    private static final int MORE = 0x80;
    private static final int MAX_LENGTH_BYTES = 5;

    private BlockSnappy() {}

    /**
     * Decompresses a block.
     *
     * @param maxBytes the most that it may become; nothing is allocated for a block that says that it is larger
     * @throws ProblemException 400 if it is none, 413 if it is larger
     */
    static byte[] decompress(byte[] block, int maxBytes) {
        long length = length(block);
        if (length > maxBytes) {
            throw new ProblemException(
                    ProblemType.PAYLOAD_TOO_LARGE,
                    "The body has " + length + " bytes when it is decompressed, expected at most " + maxBytes);
        }
        // No larger than it says, so that one that lies about it fails and does not grow.
        ByteBuf out = Unpooled.buffer((int) length, (int) length);
        try {
            new Snappy().decode(Unpooled.wrappedBuffer(block), out);
        } catch (DecompressionException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw malformed();
        }
        if (out.readableBytes() != length) {
            throw malformed();
        }
        return out.array();
    }

    private static long length(byte[] block) {
        long length = 0;
        for (int i = 0; i < MAX_LENGTH_BYTES && i < block.length; i++) {
            length |= (long) (block[i] & ~MORE & 0xff) << i * LENGTH_BITS;
            if ((block[i] & MORE) == 0) {
                return length;
            }
        }
        throw malformed();
    }

    private static ProblemException malformed() {
        return ProblemException.invalid(
                "body", "is not a block of Snappy, expected a compressed prometheus.WriteRequest");
    }
}
