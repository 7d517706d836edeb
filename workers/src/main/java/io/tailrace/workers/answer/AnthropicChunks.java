package io.tailrace.workers.answer;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.workers.answer.SseDecoder.SseEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events of a message of Anthropic, whose data says of which type they are. Unknown types are left out, as its documentation asks. */
final class AnthropicChunks implements ChunkDecoder {
    @Override
    public List<AnswerPart> read(SseEvent event) throws MalformedAnswerException {
        JsonNode data = ChunkJson.object(event.data());
        int index = data.path("index").asInt(0);
        return switch (data.path("type").asText("")) {
            case "message_start" ->
                List.of(new AnswerPart.Usage(
                        ChunkJson.tokens(data.path("message").path("usage").path("input_tokens")), -1));
            case "content_block_start" -> begun(index, data.path("content_block"));
            case "content_block_delta" -> continued(index, data.path("delta"));
            case "message_delta" -> ended(data);
            case "message_stop" -> List.of(new AnswerPart.End());
            case "error" -> List.of(new AnswerPart.Fault(ChunkJson.error(data.path("error"))));
            default -> List.of();
        };
    }

    private static List<AnswerPart> begun(int index, JsonNode block) {
        return switch (block.path("type").asText("")) {
            case "text" -> text(ChunkJson.text(block.path("text")));
            case "thinking" -> reasoning(ChunkJson.text(block.path("thinking")));
            case "tool_use" ->
                List.of(new AnswerPart.ToolCall(
                        index, ChunkJson.text(block.path("id")), ChunkJson.text(block.path("name")), ""));
            default -> List.of();
        };
    }

    private static List<AnswerPart> continued(int index, JsonNode delta) {
        return switch (delta.path("type").asText("")) {
            case "text_delta" -> text(ChunkJson.text(delta.path("text")));
            case "thinking_delta" -> reasoning(ChunkJson.text(delta.path("thinking")));
            case "input_json_delta" ->
                List.of(new AnswerPart.ToolCall(
                        index, null, null, delta.path("partial_json").asText("")));
            default -> List.of();
        };
    }

    private static List<AnswerPart> ended(JsonNode data) {
        AnswerPart usage =
                new AnswerPart.Usage(-1, ChunkJson.tokens(data.path("usage").path("output_tokens")));
        String reason = ChunkJson.text(data.path("delta").path("stop_reason"));
        if (reason == null) {
            return List.of(usage);
        }
        String finish =
                switch (reason) {
                    case "end_turn", "stop_sequence" -> "stop";
                    case "max_tokens" -> "length";
                    case "tool_use" -> "tool_calls";
                    default -> reason;
                };
        return List.of(usage, new AnswerPart.Finish(finish));
    }

    private static List<AnswerPart> text(@Nullable String text) {
        return text == null ? List.of() : List.of(new AnswerPart.Text(text));
    }

    private static List<AnswerPart> reasoning(@Nullable String text) {
        return text == null ? List.of() : List.of(new AnswerPart.Reasoning(text));
    }
}
