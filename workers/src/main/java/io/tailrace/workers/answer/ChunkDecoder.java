package io.tailrace.workers.answer;

import io.tailrace.kit.answer.AnswerProtocol;
import io.tailrace.workers.answer.SseDecoder.SseEvent;
import java.util.List;

/** Reads the events of one answer of a provider. For one thread. */
interface ChunkDecoder {
    /**
     * What an event says; may be nothing.
     *
     * @throws MalformedAnswerException if it is not of the protocol
     */
    List<AnswerPart> read(SseEvent event) throws MalformedAnswerException;

    /** A decoder for one answer. */
    static ChunkDecoder of(AnswerProtocol protocol) {
        return switch (protocol) {
            case OPENAI -> new OpenAiChunks();
            case ANTHROPIC -> new AnthropicChunks();
        };
    }
}
