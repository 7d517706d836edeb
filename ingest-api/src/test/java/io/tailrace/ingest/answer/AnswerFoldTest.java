package io.tailrace.ingest.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.kit.json.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswerFoldTest {
    private final AnswerFold fold = new AnswerFold();

    private static JsonNode data(int attempt, int seq, String text) {
        return Json.mapper().valueToTree(Map.of("attempt", attempt, "seq", seq, "text", text));
    }

    private void take(String type, int attempt, int seq, String text) {
        fold.take(type, data(attempt, seq, text));
    }

    @Test
    void theTextIsThatOfTheDeltas() {
        take("answer_started", 1, 0, "");
        take("answer_reasoning", 1, 1, "Hm");
        take("answer_delta", 1, 2, "Fi");
        take("answer_delta", 1, 3, "ne");

        assertThat(fold.text()).isEqualTo("Fine");
        assertThat(fold.hasEnded()).isFalse();
    }

    @Test
    void whatComesTwiceCountsOnce() {
        take("answer_started", 1, 0, "");
        take("answer_delta", 1, 1, "Fi");
        take("answer_delta", 1, 1, "Fi");
        take("answer_delta", 1, 2, "ne");
        take("answer_delta", 1, 1, "Fi");

        assertThat(fold.text()).isEqualTo("Fine");
    }

    @Test
    void aLaterAttemptReplacesAnEarlierOneThatIsNotHeardAnyMore() {
        take("answer_started", 1, 0, "");
        take("answer_delta", 1, 1, "Well");
        take("answer_started", 2, 0, "");
        assertThat(fold.text()).isEmpty();
        take("answer_delta", 2, 1, "Fi");
        take("answer_delta", 1, 2, ", well");
        take("answer_completed", 1, 3, "");
        take("answer_delta", 2, 2, "ne");

        assertThat(fold.text()).isEqualTo("Fine");
        assertThat(fold.hasEnded()).isFalse();
    }

    @Test
    void anAttemptThatBeginsBehindTheEndOfAnotherOneBeginsAnew() {
        take("answer_started", 1, 0, "");
        take("answer_delta", 1, 1, "Well");
        take("answer_completed", 1, 2, "");
        assertThat(fold.hasEnded()).isTrue();
        take("answer_delta", 1, 3, ", well");
        assertThat(fold.text()).isEqualTo("Well");
        take("answer_started", 2, 0, "");
        take("answer_delta", 2, 1, "Fine");

        assertThat(fold.text()).isEqualTo("Fine");
        assertThat(fold.hasEnded()).isFalse();
    }

    @Test
    void nothingOfAnAttemptCountsBehindAGapUntilTheNextOneBegins() {
        take("answer_started", 1, 0, "");
        take("answer_delta", 1, 1, "Well");
        take("answer_delta", 1, 3, " fine");
        take("answer_delta", 1, 2, ", I am");
        take("answer_completed", 1, 4, "");
        assertThat(fold.text()).isEqualTo("Well");
        assertThat(fold.hasEnded()).isFalse();
        take("answer_started", 2, 0, "");
        take("answer_delta", 2, 1, "Fine");
        take("answer_completed", 2, 2, "");

        assertThat(fold.text()).isEqualTo("Fine");
        assertThat(fold.hasEnded()).isTrue();
    }

    @Test
    void anAttemptWhoseBeginningIsMissingHasNoText() {
        take("answer_started", 1, 0, "");
        take("answer_delta", 1, 1, "Well");
        take("answer_delta", 2, 1, "Fine");

        assertThat(fold.text()).isEmpty();
    }

    @Test
    void nothingCountsBehindACancellation() {
        take("answer_started", 1, 0, "");
        take("answer_delta", 1, 1, "Fine");
        fold.take("answer_cancelled", Json.mapper().createObjectNode());
        take("answer_delta", 1, 2, ", thanks");

        assertThat(fold.text()).isEqualTo("Fine");
        assertThat(fold.hasEnded()).isTrue();
    }
}
