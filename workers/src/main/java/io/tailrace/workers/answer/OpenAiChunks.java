package io.tailrace.workers.answer;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.workers.answer.SseDecoder.SseEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * The chunks of a chat completion of OpenAI. Reasoning is where DeepSeek and vLLM ({@code reasoning_content}) and others ({@code reasoning})
 * have put it, which OpenAI has not described.
 */
final class OpenAiChunks implements ChunkDecoder {
    private static final String DONE = "[DONE]";

    @Override
    public List<AnswerPart> read(SseEvent event) throws MalformedAnswerException {
        if (event.data().strip().equals(DONE)) {
            return List.of(new AnswerPart.End());
        }
        JsonNode chunk = ChunkJson.object(event.data());
        if (chunk.hasNonNull("error")) {
            return List.of(new AnswerPart.Fault(ChunkJson.error(chunk.path("error"))));
        }
        List<AnswerPart> parts = new ArrayList<>();
        // There is one choice, because one was asked for, and none in the chunk with the usage.
        JsonNode choice = chunk.path("choices").path(0);
        JsonNode delta = choice.path("delta");
        String reasoning = ChunkJson.text(delta.path("reasoning_content"));
        if (reasoning == null) {
            reasoning = ChunkJson.text(delta.path("reasoning"));
        }
        if (reasoning != null) {
            parts.add(new AnswerPart.Reasoning(reasoning));
        }
        String text = ChunkJson.text(delta.path("content"));
        if (text != null) {
            parts.add(new AnswerPart.Text(text));
        }
        for (JsonNode call : delta.path("tool_calls")) {
            parts.add(new AnswerPart.ToolCall(
                    call.path("index").asInt(0),
                    ChunkJson.text(call.path("id")),
                    ChunkJson.text(call.path("function").path("name")),
                    call.path("function").path("arguments").asText("")));
        }
        JsonNode usage = chunk.path("usage");
        if (usage.isObject()) {
            parts.add(new AnswerPart.Usage(
                    ChunkJson.tokens(usage.path("prompt_tokens")), ChunkJson.tokens(usage.path("completion_tokens"))));
        }
        String finish = ChunkJson.text(choice.path("finish_reason"));
        if (finish != null) {
            parts.add(new AnswerPart.Finish(finish));
        }
        return parts;
    }
}
