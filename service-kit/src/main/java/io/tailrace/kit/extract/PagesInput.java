package io.tailrace.kit.extract;

import io.tailrace.kit.extract.FileTexts.Passage;
import io.tailrace.kit.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The bytes of some pages, passage by passage. For one thread. */
final class PagesInput extends InputStream {
    private final BufferedReader lines;
    private final int first;
    private final int last;
    private int page;
    private byte[] bytes = new byte[0];
    private int next;
    private boolean isOver;

    PagesInput(BufferedReader lines, int first, int last) {
        this.lines = lines;
        this.first = first;
        this.last = last;
        this.page = first;
    }

    @Override
    public int read() throws IOException {
        return fill() ? bytes[next++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, bytes.length - next);
        System.arraycopy(bytes, next, into, offset, count);
        next += count;
        return count;
    }

    private boolean fill() throws IOException {
        while (next == bytes.length && !isOver) {
            String line = lines.readLine();
            Passage passage = line == null ? null : Json.read(line.getBytes(StandardCharsets.UTF_8), Passage.class);
            if (passage == null || passage.page() > last) {
                isOver = true;
            } else if (passage.page() >= first) {
                String breaks = "\f".repeat(passage.page() - page);
                page = passage.page();
                bytes = (breaks + passage.text()).getBytes(StandardCharsets.UTF_8);
                next = 0;
            }
        }
        return next < bytes.length;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
