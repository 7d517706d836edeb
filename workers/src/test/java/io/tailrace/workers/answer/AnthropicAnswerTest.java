package io.tailrace.workers.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.kit.answer.AnswerModels;
import io.tailrace.kit.job.testing.FakeJob;
import io.tailrace.kit.outbound.OutboundHttp;
import io.tailrace.workers.answer.AnswerPayload.Message;
import io.tailrace.workers.testing.TestBroker;
import io.tailrace.workers.testing.TestDispatcher;
import io.tailrace.workers.testing.TestHttp;
import java.io.StringReader;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class AnthropicAnswerTest {
    @Test
    void aModelOfAnthropicAnswers() throws Exception {
        TestDispatcher.makeTopics();
        UUID owner = UUID.randomUUID();
        FakeJob job = FakeJob.first();
        try (AnthropicStandIn provider = new AnthropicStandIn();
                OutboundHttp http = TestHttp.client(new SimpleMeterRegistry())) {
            String models = "provider.a.protocol=anthropic\nprovider.a.url=" + provider.url()
                    + "\nprovider.a.key_variable=KEY\nmodel.claude.provider=a\n";
            AnswerHandler handler = new AnswerHandler(
                    AnswerModels.read(new StringReader(models)),
                    TestAnswers.settings(Duration.ofSeconds(60), Duration.ofSeconds(60)),
                    http,
                    TestBroker.shared().producer(),
                    Namespaces.builtIn(),
                    _ -> AnthropicStandIn.KEY,
                    InstantSource.system());
            AnswerPayload ask = new AnswerPayload(
                    owner,
                    "claude",
                    List.of(new Message("system", "Be short."), new Message("user", "How are you?")),
                    64,
                    null,
                    70);

            AnswerResult result = handler.run(ask, job);

            assertThat(result)
                    .isEqualTo(new AnswerResult(
                            "claude", "stop", "Fine, \u4e16\u754c.", new AnswerResult.Usage(11, 6, 17, null)));
            assertThat(AnswerEventsRead.text(AnswerEventsRead.of(owner, job.id()), 1))
                    .isEqualTo("Fine, \u4e16\u754c.");
        }
    }
}
