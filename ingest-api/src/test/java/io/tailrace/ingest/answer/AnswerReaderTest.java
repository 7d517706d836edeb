package io.tailrace.ingest.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tailrace.ingest.answer.NewAnswer.Message;
import io.tailrace.kit.answer.AnswerModels;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.problem.Problem.FieldError;
import io.tailrace.kit.problem.ProblemException;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerReaderTest {
    private static final UUID OWNER = UUID.randomUUID();
    private static final String MODELS =
            "provider.p.protocol=openai\nprovider.p.url=http://p\nmodel.small.provider=p\nmodel.small.max_tokens=500\n"
                    + "model.big.provider=p\n";
    private static final String HELLO = "[{\"role\":\"user\",\"content\":\"Hello\"}]";

    private static AnswerJob read(String body) throws IOException {
        return new AnswerReader(AnswerModels.read(new StringReader(MODELS)), 1_000)
                .read(OWNER, Json.mapper().readTree(body));
    }

    private static ProblemException refusal(String body) {
        return catchThrowableOfType(ProblemException.class, () -> read(body));
    }

    @Test
    void aQuestionHasAModelAndMessages() throws IOException {
        AnswerJob job = read("{\"model\":\"small\",\"messages\":[{\"role\":\"system\",\"content\":\"Be short.\"},"
                + "{\"role\":\"user\",\"content\":\"\u0416\"}],\"max_tokens\":7,\"temperature\":0.5,\"uploads\":[]}");

        assertThat(job.ownerId()).isEqualTo(OWNER);
        assertThat(job.model()).isEqualTo("small");
        assertThat(job.messages()).containsExactly(new Message("system", "Be short."), new Message("user", "\u0416"));
        assertThat(job.maxTokens()).isEqualTo(7);
        assertThat(job.temperature()).isEqualTo(new BigDecimal("0.5"));
        assertThat(job.reservedTokens()).isBetween(7L + 20, 7L + 40);
    }

    @Test
    void withoutALimitTheModelsHolds() throws IOException {
        assertThat(read("{\"model\":\"small\",\"messages\":" + HELLO + "}").maxTokens())
                .isEqualTo(500);
        assertThat(read("{\"model\":\"big\",\"messages\":" + HELLO + ",\"max_tokens\":null}")
                        .maxTokens())
                .isEqualTo(1_024);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "model; \"none\"; \"none\", expected one of big, small",
                "model; 7; 7, expected one of big, small",
                "messages; []; 0 messages, expected an array of 1 to 1000 messages",
                "messages; {}; an object, expected an array",
                "messages; [{\"role\":\"assistant\",\"content\":\"x\"}]; expected at least one of the role user",
                "messages[0].role; [{\"role\":\"tool\",\"content\":\"x\"}]; \"tool\", expected one of assistant,"
                        + " system, user",
                "messages[0].role; [{\"content\":\"x\"}]; is missing, expected one of assistant, system, user",
                "messages[0].role; [7]; is missing, expected one of",
                "messages[0].content; [{\"role\":\"user\",\"content\":\" \"}]; a text, expected a text that is not"
                        + " blank",
                "messages[0].content; [{\"role\":\"user\",\"content\":[]}]; an array, expected a text",
                "messages[0].content; [{\"role\":\"user\",\"content\":\"\\ud800\"}]; has half a surrogate pair",
                "messages[0].name; [{\"role\":\"user\",\"content\":\"x\",\"name\":\"y\"}]; unknown field",
                "uploads; [\"01890000-0000-7000-8000-00000000000a\"]; is not supported yet",
                "uploads; \"x\"; is not supported yet",
                "max_tokens; 0; 0, expected a whole number from 1 to 500",
                "max_tokens; 501; 501, expected a whole number from 1 to 500",
                "max_tokens; 1.5; 1.5, expected a whole number",
                "max_tokens; \"5\"; a text, expected a whole number",
                "temperature; -0.1; -0.1, expected a number from 0 to 2",
                "temperature; 2.1; 2.1, expected a number from 0 to 2",
                "temperature; \"hot\"; a text, expected a number",
                "stream; true; unknown field, expected max_tokens, messages, model, temperature, uploads"
            })
    void everyFaultIsToldWithItsField(String field, String value, String message) {
        String name = field.replaceAll("\\[.*", "");
        StringBuilder body = new StringBuilder("{\"").append(name).append("\":").append(value);
        if (!name.equals("model")) {
            body.append(",\"model\":\"small\"");
        }
        if (!name.equals("messages")) {
            body.append(",\"messages\":").append(HELLO);
        }
        ProblemException refusal = refusal(body.append('}').toString());

        assertThat(refusal.problem().status()).isEqualTo(400);
        assertThat(Objects.requireNonNull(refusal.problem().errors()))
                .filteredOn(error -> error.field().equals(field))
                .extracting(FieldError::message)
                .anySatisfy(error -> assertThat(error).startsWith(message));
    }

    @Test
    void whatIsMissingIsToldTogether() {
        assertThat(Objects.requireNonNull(refusal("{}").problem().errors()))
                .extracting(FieldError::field)
                .containsExactly("model", "messages");
        assertThat(refusal("[]").problem().status()).isEqualTo(400);
    }

    @Test
    void messagesThatAreTooLongAreRefusedByTheirSize() {
        ProblemException refusal = refusal(
                "{\"model\":\"small\",\"messages\":[{\"role\":\"user\",\"content\":\"" + "x".repeat(1_000) + "\"}]}");

        assertThat(refusal.problem().status()).isEqualTo(413);
        assertThat(refusal).hasMessageContaining("expected at most 1000");
    }

    @Test
    void withoutModelsItIsSaidHowToAddOne() throws IOException {
        ProblemException refusal =
                catchThrowableOfType(ProblemException.class, () -> new AnswerReader(AnswerModels.NONE, 1_000)
                        .read(OWNER, Json.mapper().readTree("{\"model\":\"x\"}")));

        assertThat(refusal.problem().status()).isEqualTo(503);
        assertThat(refusal).hasMessageContaining("TAILRACE_ANSWERS_PROVIDERS_FILE");
    }
}
