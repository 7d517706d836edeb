package io.tailrace.workers.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.kit.answer.AnswerProtocol;
import io.tailrace.workers.answer.SseDecoder.SseEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkDecoderTest {
    private static List<AnswerPart> parts(AnswerProtocol protocol, String... data) throws MalformedAnswerException {
        ChunkDecoder decoder = ChunkDecoder.of(protocol);
        List<AnswerPart> parts = new ArrayList<>();
        for (String each : data) {
            parts.addAll(decoder.read(new SseEvent("", each)));
        }
        return parts;
    }

    @Test
    void chunksOfOpenAiAreRead() throws MalformedAnswerException {
        assertThat(parts(
                        AnswerProtocol.OPENAI,
                        "{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}",
                        "{\"choices\":[{\"delta\":{\"reasoning_content\":\"Hm\"}}]}",
                        "{\"choices\":[{\"delta\":{\"reasoning\":\", so\"}}]}",
                        "{\"choices\":[{\"delta\":{\"content\":\"Yes\",\"refusal\":null}}],\"usage\":null}",
                        "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":1,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]}}]}",
                        "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":1,\"function\":{\"arguments\":\"}\"}}]}}]}",
                        "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}",
                        "{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}",
                        "[DONE]"))
                .containsExactly(
                        new AnswerPart.Reasoning("Hm"),
                        new AnswerPart.Reasoning(", so"),
                        new AnswerPart.Text("Yes"),
                        new AnswerPart.ToolCall(1, "c", "f", "{"),
                        new AnswerPart.ToolCall(1, null, null, "}"),
                        new AnswerPart.Finish("stop"),
                        new AnswerPart.Usage(3, 4),
                        new AnswerPart.End());
    }

    @Test
    void eventsOfAnthropicAreRead() throws MalformedAnswerException {
        assertThat(parts(
                        AnswerProtocol.ANTHROPIC,
                        "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}}",
                        "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\"}}",
                        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"Hm\"}}",
                        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"signature_delta\",\"signature\":\"x\"}}",
                        "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
                        "{\"type\":\"ping\"}",
                        "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":\"Yes\"}}",
                        "{\"type\":\"content_block_start\",\"index\":2,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{}}}",
                        "{\"type\":\"content_block_delta\",\"index\":2,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{}\"}}",
                        "{\"type\":\"content_block_stop\",\"index\":2}",
                        "{\"type\":\"something_new\"}",
                        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":5}}",
                        "{\"type\":\"message_stop\"}"))
                .containsExactly(
                        new AnswerPart.Usage(9, -1),
                        new AnswerPart.Reasoning("Hm"),
                        new AnswerPart.Text("Yes"),
                        new AnswerPart.ToolCall(2, "t", "f", ""),
                        new AnswerPart.ToolCall(2, null, null, "{}"),
                        new AnswerPart.Usage(-1, 5),
                        new AnswerPart.Finish("stop"),
                        new AnswerPart.End());
    }

    @Test
    void whatAnthropicCallsTheEndHasTheNamesOfOpenAi() throws MalformedAnswerException {
        for (List<String> names : List.of(
                List.of("max_tokens", "length"), List.of("tool_use", "tool_calls"), List.of("refusal", "refusal"))) {
            assertThat(parts(
                            AnswerProtocol.ANTHROPIC,
                            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"" + names.getFirst() + "\"}}"))
                    .contains(new AnswerPart.Finish(names.getLast()));
        }
    }

    @Test
    void anErrorInTheStreamIsOne() throws MalformedAnswerException {
        assertThat(parts(AnswerProtocol.OPENAI, "{\"error\":{\"message\":\"out of\\nmemory\"}}"))
                .containsExactly(new AnswerPart.Fault("out of memory"));
        assertThat(parts(AnswerProtocol.OPENAI, "{\"error\":\"busy\"}")).containsExactly(new AnswerPart.Fault("busy"));
        assertThat(parts(
                        AnswerProtocol.ANTHROPIC,
                        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"))
                .containsExactly(new AnswerPart.Fault("Overloaded"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"choices\":[", "[]", "\"text\"", "7", ""})
    void whatIsNoJsonObjectIsMalformed(String data) {
        for (AnswerProtocol protocol : AnswerProtocol.values()) {
            assertThatThrownBy(() -> parts(protocol, data)).isInstanceOf(MalformedAnswerException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void fieldsOfOtherTypesSayNothing(AnswerProtocol protocol) throws MalformedAnswerException {
        assertThat(parts(
                        protocol,
                        "{\"choices\":{},\"usage\":7,\"type\":[]}",
                        "{\"choices\":[{\"delta\":{\"content\":7,\"tool_calls\":\"x\"},\"finish_reason\":1}]}"))
                .isEmpty();
    }
}
