package io.tailrace.ingest.answer;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.event.EventTypes;

/**
 * Puts the text of an answer together from the events of its channel: of a later attempt what earlier ones said counts no more, and of an attempt
 * each event counts once, and none behind its end or behind a gap in its numbers. For one thread.
 */
final class AnswerFold {
    private final StringBuilder text = new StringBuilder();
    private int attempt;
    private int next;
    private boolean hasEnded;
    private boolean hasGap;
    private boolean isCancelled;

    /** Takes an event. */
    void take(String type, JsonNode data) {
        if (isCancelled) {
            return;
        }
        if (type.equals(EventTypes.ANSWER_CANCELLED)) {
            isCancelled = true;
            return;
        }
        int from = data.path("attempt").asInt(0);
        int number = data.path("seq").asInt(-1);
        if (from > attempt) {
            attempt = from;
            next = 0;
            hasEnded = false;
            hasGap = false;
            text.setLength(0);
        }
        if (from < attempt || number < next || hasEnded || hasGap) {
            return;
        }
        if (number > next) {
            // The log has lost what was between, so that what follows does not join on to the text.
            hasGap = true;
            return;
        }
        next = number + 1;
        switch (type) {
            case EventTypes.ANSWER_DELTA -> text.append(data.path("text").asText(""));
            case EventTypes.ANSWER_COMPLETED, EventTypes.ANSWER_FAILED -> hasEnded = true;
            default -> {
                // Nothing of the text.
            }
        }
    }

    /** Whether the latest attempt has ended; another one may begin anew behind it. */
    boolean hasEnded() {
        return hasEnded || isCancelled;
    }

    /** The text so far. */
    String text() {
        return text.toString();
    }
}
