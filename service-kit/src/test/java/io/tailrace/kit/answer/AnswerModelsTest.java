package io.tailrace.kit.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerModelsTest {
    private static final String VALID =
            """
            provider.local.protocol=openai
            provider.local.url=http://127.0.0.1:8090/v1
            provider.big.protocol=anthropic
            provider.big.url=https://api.example.org/v1
            provider.big.key_variable=BIG_KEY
            model.small.provider=local
            model.org/big-1.5.provider=big
            model.org/big-1.5.name=big-1-5-latest
            model.org/big-1.5.max_tokens=4096
            model.org/big-1.5.input_price=3
            model.org/big-1.5.output_price=0.25
            model.org/big-1.5.fallbacks=small
            """;

    private static AnswerModels read(String text) throws IOException {
        return AnswerModels.read(new StringReader(text));
    }

    @Test
    void modelsHaveTheirProviderTheirLimitsAndTheirPrices() throws IOException {
        AnswerModels models = read(VALID);

        assertThat(models.all()).extracting(AnswerModel::name).containsExactly("org/big-1.5", "small");
        AnswerModel big = models.of("org/big-1.5").orElseThrow();
        assertThat(big.providerName()).isEqualTo("big-1-5-latest");
        assertThat(big.provider())
                .isEqualTo(
                        new AnswerProvider("big", AnswerProtocol.ANTHROPIC, "https://api.example.org/v1", "BIG_KEY"));
        assertThat(big.maxTokens()).isEqualTo(4096);
        assertThat(big.cost(1_000_000, 2_000_000)).isEqualByComparingTo(new BigDecimal("3.5"));
        assertThat(big.fallbacks()).containsExactly("small");
        AnswerModel small = models.of("small").orElseThrow();
        assertThat(small.providerName()).isEqualTo("small");
        assertThat(small.maxTokens()).isEqualTo(1024);
        assertThat(small.tokenField()).isEqualTo("max_tokens");
        assertThat(small.cost(1, 1)).isNull();
        assertThat(models.of("none")).isEmpty();
    }

    @Test
    void aModelCanHaveItsOwnFieldForTheMostTokens() throws IOException {
        AnswerModels models = read(VALID + "model.small.token_field=max_completion_tokens\n");

        assertThat(models.of("small").orElseThrow().tokenField()).isEqualTo("max_completion_tokens");
    }

    @Test
    void aKeyComesFromTheEnvironmentAndItsVariableIsNamedIfItIsMissing() throws IOException {
        AnswerProvider big = read(VALID).of("org/big-1.5").orElseThrow().provider();

        assertThat(big.key(variable -> variable.equals("BIG_KEY") ? " k\n" : null))
                .isEqualTo("k");
        assertThat(read(VALID).of("small").orElseThrow().provider().key(_ -> "x"))
                .isNull();
        assertThatThrownBy(() -> big.key(_ -> null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("BIG_KEY");
        assertThatThrownBy(() -> big.key(_ -> " ")).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "provider.local.protocol=grpc|provider.local.protocol: expected openai or anthropic",
                "provider.local.url=ftp://x|provider.local.url: expected an address",
                "provider.local.url=http://x/v1/|provider.local.url: expected an address",
                "provider.local.url=http://me:secret@x|provider.local.url: expected an address",
                "provider.local.url=no url|provider.local.url: expected an address",
                "provider.local.key_variable=sk-123|provider.local.key_variable: expected the name",
                "provider.local.key=x|provider.local.key: unknown",
                "model.small.provider=none|model.small.provider: expected a provider",
                "model.small.max_tokens=0|model.small.max_tokens: expected 1 to 100000",
                "model.small.max_tokens=100001|model.small.max_tokens: expected 1 to 100000",
                "model.small.token_field=tokens|model.small.token_field: expected max_tokens, or",
                "model.org/big-1.5.token_field=max_completion_tokens|model.org/big-1.5.token_field: expected"
                        + " max_tokens",
                "model.small.input_price=-1|model.small.input_price: expected a number",
                "model.small.fallbacks=small|model.small.fallbacks: expected other models",
                "model.small.fallbacks=none|model.small.fallbacks: expected other models",
                "model.a b.provider=local|model.a b: expected a name",
                "models=1|models: unknown"
            })
    void everyFaultIsNamed(String line, String fault) {
        String key = line.substring(0, line.indexOf('='));
        String text = VALID + key.replace(" ", "\\ ") + line.substring(key.length());

        assertThatThrownBy(() -> read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(fault)
                .hasMessageNotContaining("sk-123")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() {
        assertThatThrownBy(() -> AnswerModels.load(Path.of("none.properties")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tailrace.answers.providers-file none.properties");
    }
}
