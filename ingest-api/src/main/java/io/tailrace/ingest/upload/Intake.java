package io.tailrace.ingest.upload;

import io.tailrace.kit.file.FileWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/**
 * Reads one content through a buffer of {@value #BUFFER_BYTES} bytes: hashes it, remembers its beginning and writes it on. No more of it is ever
 * in memory. For one thread; blocks.
 */
final class Intake {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final long maxBytes;
    private final UploadRefusal tooMuch;
    private final LongConsumer progress;

    /**
     * An intake.
     *
     * @param maxBytes the most that is taken
     * @param tooMuch the refusal of what is longer
     * @param progress is told how many bytes there are, after each part
     */
    Intake(long maxBytes, UploadRefusal tooMuch, LongConsumer progress) {
        this.maxBytes = maxBytes;
        this.tooMuch = tooMuch;
        this.progress = progress;
    }

    /**
     * Takes a content as a whole.
     *
     * @throws RefusedUpload if it is empty, too long or cannot be stored
     * @throws IOException if it could not be read
     */
    Received take(InputStream in, FileWriter out) throws IOException, RefusedUpload {
        MessageDigest digest = Digests.sha256();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER_BYTES];
        long size = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            size += read;
            if (size > maxBytes) {
                throw new RefusedUpload(tooMuch);
            }
            digest.update(buffer, 0, read);
            head.write(buffer, 0, Math.min(read, ContentTypes.HEAD_BYTES - head.size()));
            store(out, buffer, read);
            progress.accept(size);
        }
        if (size == 0) {
            throw new RefusedUpload(UploadRefusal.empty());
        }
        sync(out);
        return new Received(size, HexFormat.of().formatHex(digest.digest()), head.toByteArray());
    }

    /**
     * What is known of a content that is stored already.
     *
     * @throws IOException if it could not be read
     */
    static Received describe(InputStream in) throws IOException {
        MessageDigest digest = Digests.sha256();
        byte[] head = in.readNBytes(ContentTypes.HEAD_BYTES);
        digest.update(head);
        byte[] buffer = new byte[BUFFER_BYTES];
        long size = head.length;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            digest.update(buffer, 0, read);
            size += read;
        }
        return new Received(size, HexFormat.of().formatHex(digest.digest()), head);
    }

    private static void store(FileWriter out, byte[] buffer, int length) throws RefusedUpload {
        try {
            out.write(buffer, 0, length);
        } catch (IOException e) {
            throw new RefusedUpload(UploadRefusal.storage(), e);
        }
    }

    private static void sync(FileWriter out) throws RefusedUpload {
        try {
            out.sync();
        } catch (IOException e) {
            throw new RefusedUpload(UploadRefusal.storage(), e);
        }
    }
}
