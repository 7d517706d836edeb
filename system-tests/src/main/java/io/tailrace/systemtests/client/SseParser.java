package io.tailrace.systemtests.client;

import java.util.function.Consumer;

/**
 * Reads {@code text/event-stream} line by line as WHATWG HTML section 9.2.6 says. Not thread-safe.
 */
public final class SseParser {
    /**
     * A dispatched event.
     *
     * @param id the last event id at its dispatch
     * @param type its type, {@code message} if none was given
     * @param data its data
     */
    public record SseEvent(String id, String type, String data) {}

    private final Consumer<SseEvent> dispatch;
    private final StringBuilder data = new StringBuilder();
    private String type = "";
    private String pendingId;
    private String lastEventId;
    private long retryMs = -1;

    /** A parser whose last event id begins as {@code lastEventId}. */
    public SseParser(String lastEventId, Consumer<SseEvent> dispatch) {
        this.lastEventId = lastEventId;
        this.pendingId = lastEventId;
        this.dispatch = dispatch;
    }

    /** The id that a reconnect would send. */
    public String lastEventId() {
        return lastEventId;
    }

    /** How long the server wants its client to wait before it reconnects; negative if it has not said so. */
    public long retryMs() {
        return retryMs;
    }

    /** Takes a line without its end. */
    public void line(String line) {
        if (line.isEmpty()) {
            endOfEvent();
            return;
        }
        int colon = line.indexOf(':');
        if (colon == 0) {
            return;
        }
        String field = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + 1);
        if (value.startsWith(" ")) {
            value = value.substring(1);
        }
        switch (field) {
            case "data" -> data.append(value).append('\n');
            case "event" -> type = value;
            case "id" -> pendingId = value.indexOf('\0') < 0 ? value : pendingId;
            case "retry" -> {
                if (value.matches("[0-9]{1,9}")) {
                    retryMs = Long.parseLong(value);
                }
            }
            default -> {
                // fields that are not known do not matter
            }
        }
    }

    private void endOfEvent() {
        lastEventId = pendingId;
        if (!data.isEmpty()) {
            data.setLength(data.length() - 1);
            dispatch.accept(new SseEvent(lastEventId, type.isEmpty() ? "message" : type, data.toString()));
            data.setLength(0);
        }
        type = "";
    }
}
