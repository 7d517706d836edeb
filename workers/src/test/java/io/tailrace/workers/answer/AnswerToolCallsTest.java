package io.tailrace.workers.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.workers.answer.AnswerPart.ToolCall;
import io.tailrace.workers.answer.CallOutcome.Call;
import org.junit.jupiter.api.Test;

class AnswerToolCallsTest {
    private final AnswerToolCalls calls = new AnswerToolCalls();

    @Test
    void partsOfACallArePutTogetherAndTheFirstNameHolds() {
        assertThat(calls.add(new ToolCall(1, "c1", "look", "{\"a\""))).isTrue();
        assertThat(calls.add(new ToolCall(0, null, "find", ""))).isTrue();
        assertThat(calls.add(new ToolCall(1, "c2", "other", ":1}"))).isTrue();

        assertThat(calls.all()).containsExactly(new Call(0, null, "find", ""), new Call(1, "c1", "look", "{\"a\":1}"));
    }

    @Test
    void thereAreSoManyCallsAndNotOneMore() {
        for (int index = 0; index < AnswerToolCalls.MOST; index++) {
            assertThat(calls.add(new ToolCall(index, null, "f", ""))).isTrue();
        }

        assertThat(calls.add(new ToolCall(AnswerToolCalls.MOST, null, "f", ""))).isFalse();
        assertThat(calls.add(new ToolCall(0, null, null, "{}"))).isTrue();
        assertThat(calls.all()).hasSize(AnswerToolCalls.MOST);
    }

    @Test
    void namesAndIdsCountLikeArguments() {
        String quarter = "\u0416".repeat(AnswerToolCalls.MOST_BYTES / 8);
        assertThat(calls.add(new ToolCall(0, quarter, quarter, quarter))).isTrue();
        assertThat(calls.add(new ToolCall(0, quarter, null, ""))).isTrue();

        assertThat(calls.add(new ToolCall(1, null, null, "x"))).isFalse();
        assertThat(calls.all()).hasSize(1);
    }
}
