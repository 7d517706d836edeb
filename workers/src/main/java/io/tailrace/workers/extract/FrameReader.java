package io.tailrace.workers.extract;

import io.tailrace.kit.extract.ExtractionFault;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the frames of the extractor, whose form is in its class {@code Main}. A file may have made it say anything, so that all limits are checked
 * once more here. For one thread.
 */
public final class FrameReader {
    private static final int MOST_LABEL = 64;

    private final ExtractSettings settings;
    private final Progress progress;
    private volatile boolean isStarted;

    /** Is told of each page. */
    public interface Progress {
        /**
         * A page was read.
         *
         * @param pages how many there are so far
         * @param of how many there will be; 0 if nobody knows
         */
        void read(int pages, int of);
    }

    FrameReader(ExtractSettings settings, Progress progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /** Whether the extractor has begun, so that what comes then is the file's fault. */
    boolean isStarted() {
        return isStarted;
    }

    /**
     * Reads all of them.
     *
     * @throws EOFException if they end too early: the process has died
     */
    Extracted read(InputStream in) throws IOException {
        DataInputStream frames = new DataInputStream(new BufferedInputStream(in));
        if (frames.readUnsignedByte() != 'S') {
            throw new IOException("something else than the extractor was started");
        }
        isStarted = true;
        List<String> pages = new ArrayList<>();
        long characters = 0;
        while (true) {
            int kind = frames.readUnsignedByte();
            switch (kind) {
                case 'P' -> {
                    int number = frames.readInt();
                    int of = frames.readInt();
                    int length = frames.readInt();
                    if (number != pages.size() + 1 || length < 0) {
                        return new Extracted.None(ExtractionFault.DAMAGED);
                    }
                    if (number > settings.maxPages() || length > 3L * settings.maxCharacters()) {
                        return new Extracted.None(ExtractionFault.TOO_LARGE);
                    }
                    byte[] utf8 = new byte[length];
                    frames.readFully(utf8);
                    String page = new String(utf8, StandardCharsets.UTF_8);
                    characters += page.length();
                    if (characters > settings.maxCharacters()) {
                        return new Extracted.None(ExtractionFault.TOO_LARGE);
                    }
                    pages.add(page);
                    progress.read(number, of);
                }
                case 'E' -> {
                    return characters == 0
                            ? new Extracted.None(ExtractionFault.NO_TEXT)
                            : new Extracted.Text(List.copyOf(pages));
                }
                case 'F' -> {
                    byte[] label = frames.readNBytes(Math.min(Math.max(0, frames.readInt()), MOST_LABEL));
                    return new Extracted.None(ExtractionFault.of(new String(label, StandardCharsets.US_ASCII))
                            .orElse(ExtractionFault.DAMAGED));
                }
                default -> {
                    return new Extracted.None(ExtractionFault.DAMAGED);
                }
            }
        }
    }
}
