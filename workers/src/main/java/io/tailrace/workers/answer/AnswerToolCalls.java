package io.tailrace.workers.answer;

import io.tailrace.workers.answer.CallOutcome.Call;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts the calls of tools of one answer together from their parts. For one thread. */
final class AnswerToolCalls {
    /** The most calls of an answer. */
    static final int MOST = 128;

    /** The most bytes of all of them together: a call is one record of the log, in which a byte can take six. */
    static final int MOST_BYTES = 128 * 1024;

    private final Map<Integer, Growing> calls = new TreeMap<>();
    private long bytes;

    private static final class Growing {
        private final StringBuilder arguments = new StringBuilder();
        private @Nullable String id;
        private @Nullable String name;
    }

    /**
     * Adds a part of a call.
     *
     * @return whether it still fits; if not, nothing was added
     */
    boolean add(AnswerPart.ToolCall part) {
        Growing call = calls.get(part.index());
        bytes += size(part.id()) + size(part.name()) + size(part.arguments());
        if (bytes > MOST_BYTES || call == null && calls.size() == MOST) {
            return false;
        }
        if (call == null) {
            call = new Growing();
            calls.put(part.index(), call);
        }
        call.id = call.id == null ? part.id() : call.id;
        call.name = call.name == null ? part.name() : call.name;
        call.arguments.append(part.arguments());
        return true;
    }

    /** The calls so far, by their index. */
    List<Call> all() {
        return calls.entrySet().stream()
                .map(entry -> new Call(
                        entry.getKey(),
                        entry.getValue().id,
                        entry.getValue().name,
                        entry.getValue().arguments.toString()))
                .toList();
    }

    private static int size(@Nullable String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }
}
