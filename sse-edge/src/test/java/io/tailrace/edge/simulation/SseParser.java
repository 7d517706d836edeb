package io.tailrace.edge.simulation;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code text/event-stream} as WHATWG HTML, section 9.2.6, says, fed with bytes that are cut anywhere. Reports
 * each block that a blank line ends, also those that a browser would not fire because they have no data.
 */
public final class SseParser implements BlockParser {
    /**
     * A block.
     *
     * @param id the {@code id:} that it carried, null if none
     * @param type its event type, {@code message} if it named none
     * @param data its data, null if it had none
     * @param retryMs its reconnection time, -1 if none
     * @param startByte where it starts, counted from the first byte of the stream
     */
    public record Block(@Nullable String id, String type, @Nullable String data, long retryMs, long startByte) {}

    private final Consumer<Block> blocks;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean afterCr;
    private long read;
    private long blockStart;
    private boolean anyField;
    private int comments;
    private @Nullable String id;
    private @Nullable String type;
    private @Nullable StringBuilder data;
    private long retryMs = -1;

    /** A parser that reports to {@code blocks}. */
    public SseParser(Consumer<Block> blocks) {
        this.blocks = blocks;
    }

    /** How many comments were read. */
    public int comments() {
        return comments;
    }

    @Override
    public void feed(byte[] bytes, int from, int length) {
        for (int i = from; i < from + length; i++) {
            byte b = bytes[i];
            read++;
            if (b == '\n' && afterCr) {
                afterCr = false;
                continue;
            }
            afterCr = b == '\r';
            if (b == '\n' || b == '\r') {
                String text = line.toString(StandardCharsets.UTF_8);
                line.reset();
                endLine(text);
            } else {
                line.write(b);
            }
        }
    }

    private void endLine(String text) {
        if (text.isEmpty()) {
            endBlock();
            return;
        }
        int colon = text.indexOf(':');
        if (colon == 0) {
            comments++;
            return;
        }
        String field = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        field(field, value.startsWith(" ") ? value.substring(1) : value);
    }

    private void field(String field, String value) {
        anyField = true;
        switch (field) {
            case "event" -> type = value;
            case "data" -> data = (data == null ? new StringBuilder() : data.append('\n')).append(value);
            case "id" -> id = value.indexOf('\0') < 0 ? value : id;
            case "retry" -> retryMs = value.matches("[0-9]+") ? Long.parseLong(value) : retryMs;
            default -> {}
        }
    }

    private void endBlock() {
        if (anyField) {
            String name = type == null || type.isEmpty() ? "message" : type;
            blocks.accept(new Block(id, name, data == null ? null : data.toString(), retryMs, blockStart));
        }
        blockStart = read;
        anyField = false;
        id = null;
        type = null;
        data = null;
        retryMs = -1;
    }
}
