package io.tailrace.ingest.upload;

import io.tailrace.kit.file.FileWriter;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Appends the body of one request to a file that is still arriving. An offset is kept only when the bytes before it are on the disk, so that
 * a crash leaves none that is not true. Bytes with a checksum count all together or not at all. For one thread; blocks.
 */
final class ChunkIntake {
    private static final int BUFFER_BYTES = 64 * 1024;

    /** How many bytes can be lost by a crash that were not acknowledged. */
    private static final long KEEP_BYTES = 8L * 1024 * 1024;

    private final FileWriter out;
    private final OffsetKeeper keeper;
    private final LongConsumer progress;

    /** Where an offset is kept. */
    interface OffsetKeeper {
        /** Returns when the offset survives the end of the process and of the machine. */
        void keep(long offset) throws IOException;
    }

    /** How the body ended. */
    enum End {
        /** All of it is there. */
        WHOLE,
        /** The connection ended before; what came is there, unless it had a checksum. */
        CUT,
        /** It is not what the checksum says; nothing of it is there. */
        WRONG_CHECKSUM,
        /** It is longer than what the file lacks; nothing of what is too much is there. */
        TOO_LONG
    }

    /**
     * What became of a body.
     *
     * @param end how it ended
     * @param offset how many bytes of the file are there
     */
    record Result(End end, long offset) {}

    ChunkIntake(FileWriter out, OffsetKeeper keeper, LongConsumer progress) {
        this.out = out;
        this.keeper = keeper;
        this.progress = progress;
    }

    /**
     * Takes a body.
     *
     * @param from the file's offset
     * @param length of the file
     * @throws IOException if the store is full or away; then the offset that was kept last is true
     */
    Result take(InputStream body, long from, long length, TusHeaders.@Nullable Checksum checksum) throws IOException {
        MessageDigest digest = checksum == null ? null : Digests.of(checksum.algorithm());
        byte[] buffer = new byte[BUFFER_BYTES];
        long at = from;
        long kept = from;
        End end = End.WHOLE;
        while (true) {
            int read = read(body, buffer);
            if (read < 0) {
                end = read == -1 ? End.WHOLE : End.CUT;
                break;
            }
            if (read > length - at) {
                end = End.TOO_LONG;
                break;
            }
            if (digest != null) {
                digest.update(buffer, 0, read);
            }
            out.write(buffer, 0, read);
            at += read;
            progress.accept(at);
            if (digest == null && at - kept >= KEEP_BYTES) {
                keep(at);
                kept = at;
            }
        }
        if (checksum != null && digest != null && !(end == End.WHOLE && checksum.isOf(digest.digest()))) {
            out.truncate(from);
            return new Result(end == End.WHOLE ? End.WRONG_CHECKSUM : end, from);
        }
        if (at > kept) {
            keep(at);
        }
        return new Result(end, at);
    }

    /** Like {@link InputStream#read(byte[])}, and -2 if the connection has ended. */
    private static int read(InputStream body, byte[] buffer) {
        try {
            return body.read(buffer);
        } catch (IOException e) {
            return -2;
        }
    }

    private void keep(long offset) throws IOException {
        out.sync();
        keeper.keep(offset);
    }
}
