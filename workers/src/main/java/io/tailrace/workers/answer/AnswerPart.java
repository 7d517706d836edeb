package io.tailrace.workers.answer;

import org.jspecify.annotations.Nullable;

/** What a provider says in one step of an answer. Immutable. */
sealed interface AnswerPart {
    /** Text of the answer. */
    record Text(String text) implements AnswerPart {}

    /** Text of what the model thinks before it answers. */
    record Reasoning(String text) implements AnswerPart {}

    /**
     * A part of a call of a tool.
     *
     * @param index which call of the answer it is, from 0
     * @param id the provider's id of the call; null in all parts but the first
     * @param name the tool; null in all parts but the first
     * @param arguments the next characters of the JSON of its arguments
     */
    record ToolCall(int index, @Nullable String id, @Nullable String name, String arguments) implements AnswerPart {}

    /** How many tokens there were; a later one replaces an earlier one, and -1 leaves a number as it was. */
    record Usage(long inputTokens, long outputTokens) implements AnswerPart {}

    /** The text is whole, and why it ends here: {@code stop}, {@code length}, {@code tool_calls} or the provider's own word. */
    record Finish(String reason) implements AnswerPart {}

    /** Nothing more comes. */
    record End() implements AnswerPart {}

    /** The provider says that it has failed. */
    record Fault(String message) implements AnswerPart {}
}
