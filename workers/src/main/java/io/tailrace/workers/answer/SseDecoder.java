package io.tailrace.workers.answer;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Reads a stream of server-sent events (WHATWG HTML, section 9.2.6), whose bytes may be cut anywhere. Of an event only its type and its data
 * are kept. For one thread.
 */
final class SseDecoder {
    /** The most bytes of a line and of the data of an event. */
    static final int MOST = 1 << 20;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private String type = "";
    private boolean hasData;
    private boolean isFirstLine = true;
    private boolean wasCarriageReturn;

    /**
     * An event.
     *
     * @param type its type; empty if it has none
     * @param data its data
     */
    record SseEvent(String type, String data) {}

    /**
     * Takes bytes.
     *
     * @param event is told of each event that they complete
     * @throws MalformedAnswerException if they are not UTF-8, or a line or an event is too long
     */
    void read(byte[] bytes, int length, Consumer<SseEvent> event) throws MalformedAnswerException {
        for (int i = 0; i < length; i++) {
            byte b = bytes[i];
            boolean isSecondOfPair = wasCarriageReturn && b == '\n';
            wasCarriageReturn = b == '\r';
            if (isSecondOfPair) {
                continue;
            }
            if (b == '\n' || b == '\r') {
                end(event);
            } else if (line.size() == MOST) {
                throw new MalformedAnswerException("a line has more than " + MOST + " bytes");
            } else {
                line.write(b);
            }
        }
    }

    private void end(Consumer<SseEvent> event) throws MalformedAnswerException {
        String text = text(line.toByteArray());
        line.reset();
        if (isFirstLine && text.startsWith("\uFEFF")) {
            text = text.substring(1);
        }
        isFirstLine = false;
        if (text.isEmpty()) {
            if (hasData) {
                event.accept(new SseEvent(type, data.toString()));
            }
            type = "";
            data.setLength(0);
            hasData = false;
            return;
        }
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + (text.startsWith(" ", colon + 1) ? 2 : 1));
        switch (name) {
            case "event" -> type = value;
            case "data" -> add(value);
            default -> {
                // Comments, with which connections are kept open, and fields that have no meaning here.
            }
        }
    }

    private void add(String value) throws MalformedAnswerException {
        if (data.length() + value.length() > MOST) {
            throw new MalformedAnswerException("an event has more than " + MOST + " characters");
        }
        data.append(hasData ? "\n" : "").append(value);
        hasData = true;
    }

    private static String text(byte[] utf8) throws MalformedAnswerException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedAnswerException("a line is not UTF-8");
        }
    }
}
