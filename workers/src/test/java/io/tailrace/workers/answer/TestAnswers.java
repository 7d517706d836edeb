package io.tailrace.workers.answer;

import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.job.JobTypes;
import io.tailrace.kit.answer.AnswerModels;
import io.tailrace.kit.answer.AnswersSettings;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.outbound.OutboundHttp;
import io.tailrace.workers.answer.AnswerPayload.Message;
import io.tailrace.workers.testing.TestBroker;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.Producer;

/** Handlers of answers with the log of the tests. */
final class TestAnswers {
    /** The models of {@link #handler}: some on a stand-in, of which one is the fallback of another one, and one whose key nobody has. */
    static final String MODELS =
            """
            provider.one.protocol=openai
            provider.one.url=%s
            provider.one.key_variable=STAND_IN_KEY
            provider.keyless.protocol=openai
            provider.keyless.url=%s
            provider.keyless.key_variable=NO_KEY
            model.plain.provider=one
            model.plain.name=stand-in-1
            model.plain.input_price=2
            model.plain.output_price=10
            model.backed.provider=one
            model.backed.name=stand-in-1
            model.backed.fallbacks=spare
            model.spare.provider=one
            model.spare.name=stand-in-2
            model.thinking.provider=one
            model.thinking.name=stand-in-o1
            model.thinking.token_field=max_completion_tokens
            model.keyless.provider=keyless
            """;

    private TestAnswers() {}

    /** Settings in which only what a test waits for is short. */
    static AnswersSettings settings(Duration firstToken, Duration nextToken) {
        return settings(firstToken, nextToken, Duration.ofMinutes(5));
    }

    /** As above, with another time for the whole answer. */
    static AnswersSettings settings(Duration firstToken, Duration nextToken, Duration deadline) {
        return new AnswersSettings(
                "",
                100_000,
                0,
                3,
                firstToken,
                nextToken,
                deadline,
                Duration.ofMillis(30),
                100_000,
                Duration.ofSeconds(60));
    }

    /** A handler with the real log. */
    static AnswerHandler handler(OutboundHttp http, AnswersSettings settings, String models) {
        return handler(http, settings, models, TestBroker.shared().producer());
    }

    /** A handler with another log. */
    static AnswerHandler handler(
            OutboundHttp http, AnswersSettings settings, String models, Producer<byte[], byte[]> log) {
        try {
            return new AnswerHandler(
                    AnswerModels.read(new StringReader(models)),
                    settings,
                    http,
                    log,
                    Namespaces.builtIn(),
                    variable -> variable.equals("STAND_IN_KEY") ? ProviderStandIn.KEY : null,
                    InstantSource.system());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The payload of a job of a question, as ingest-api writes it and as its type wants it. */
    static Object payload(UUID owner) throws IOException {
        String json = "{\"owner_id\":\"" + owner + "\",\"model\":\"plain\",\"messages\":[{\"role\":\"user\","
                + "\"content\":\"How are you?\"}],\"max_tokens\":64,\"temperature\":0,\"reserved_tokens\":70}";
        Object payload = Json.read(json.getBytes(StandardCharsets.UTF_8), Object.class);
        Map<String, String> faults =
                JobTypes.builtIn().of("answer").orElseThrow().faults(payload);
        if (!faults.isEmpty()) {
            throw new IllegalStateException("not what the type wants: " + faults);
        }
        return payload;
    }

    static AnswerPayload ask(UUID owner, String model) {
        return new AnswerPayload(owner, model, List.of(new Message("user", "How are you?")), 64, null, 70);
    }
}
