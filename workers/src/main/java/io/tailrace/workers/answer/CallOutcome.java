package io.tailrace.workers.answer;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of asking one model once. Immutable. */
sealed interface CallOutcome {
    /**
     * The answer is whole.
     *
     * @param text all of it
     * @param finishReason why it ends
     * @param toolCalls what the model wants to be called
     * @param usage how many tokens there were; null if the provider has not said
     */
    record Completed(String text, String finishReason, List<Call> toolCalls, @Nullable Tokens usage)
            implements CallOutcome {
        /** Copies the list. */
        public Completed {
            toolCalls = List.copyOf(toolCalls);
        }
    }

    /**
     * It failed, and nothing of an answer had come.
     *
     * @param isLasting whether asking again would lead to the same
     * @param retryAfter how long the provider wants to be left alone; null if it has not said
     */
    record NotBegun(String type, String message, boolean isLasting, @Nullable Duration retryAfter)
            implements CallOutcome {}

    /** It failed in the middle of the answer. */
    record BrokenOff(String type, String message) implements CallOutcome {}

    /**
     * Why a provider gave no answer, or not all of it.
     *
     * @param isLasting whether asking again would lead to the same
     */
    record Fault(String type, String message, boolean isLasting) {}

    /** Numbers of tokens. */
    record Tokens(long input, long output) {}

    /** A call of a tool; the arguments are the JSON that the model wrote, which can be none. */
    record Call(int index, @Nullable String id, @Nullable String name, String arguments) {}
}
