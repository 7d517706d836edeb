package io.tailrace.workers.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.testing.FakeJob;
import io.tailrace.kit.outbound.OutboundHttp;
import io.tailrace.workers.testing.TestHttp;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Against a stand-in for Telegram. */
class TelegramHandlerTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private TelegramStandIn telegram;
    private OutboundHttp http;

    @BeforeEach
    void start() throws Exception {
        telegram = new TelegramStandIn();
        http = TestHttp.client(registry);
    }

    @AfterEach
    void stop() {
        http.close();
        telegram.close();
    }

    private TelegramHandler handler(String token, Duration deadline) {
        return new TelegramHandler(new TelegramSettings(token, telegram.url() + "/", deadline), http);
    }

    private TelegramHandler.Sent send(TelegramPayload payload) throws Exception {
        return handler(TelegramStandIn.TOKEN, Duration.ofSeconds(20)).run(payload, FakeJob.first());
    }

    private JobFailure failure(TelegramPayload payload) {
        return catchThrowableOfType(JobFailure.class, () -> send(payload));
    }

    @Test
    void aMessageIsSentToAChatByNumberOrName() throws Exception {
        TelegramHandler.Sent first = send(new TelegramPayload(TelegramStandIn.CHAT, "Hello, 世界", null));
        var unused = send(new TelegramPayload("@news", "<b>Hello</b>", "HTML"));

        assertThat(first.messageId()).isEqualTo(1);
        assertThat(telegram.messages).hasSize(2);
        assertThat(telegram.messages.getFirst().toString()).isEqualTo("{\"chat_id\":-100123,\"text\":\"Hello, 世界\"}");
        assertThat(telegram.messages.getLast().path("parse_mode").asText()).isEqualTo("HTML");
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "86401, 86400", "999999999999, 86400"})
    void whoSendsTooMuchWaitsAsLongAsTelegramSays(long retryAfter, long seconds) {
        telegram.answersNext(TelegramStandIn.error(
                429, "Too Many Requests: retry after " + retryAfter, Map.of("retry_after", retryAfter)));
        JobFailure failure = failure(new TelegramPayload(TelegramStandIn.CHAT, "Hello", null));

        assertThat(failure.type()).isEqualTo("telegram_429");
        assertThat(failure.isFinal()).isFalse();
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(seconds));
        assertThat(telegram.messages).isEmpty();
    }

    @Test
    void a429WithoutATimeWaitsAMoment() {
        telegram.answersNext(
                new MockResponse.Builder().code(429).body("no JSON").build());

        assertThat(failure(new TelegramPayload(TelegramStandIn.CHAT, "Hello", null))
                        .retryAfter())
                .isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void aChatThatIsNotThereAndATextThatCannotBeParsedAreLasting() {
        JobFailure chat = failure(new TelegramPayload(1L, "Hello", null));
        JobFailure text = failure(new TelegramPayload(TelegramStandIn.CHAT, "a < b", "HTML"));

        assertThat(List.of(chat.isFinal(), text.isFinal())).containsOnly(true);
        assertThat(chat).hasMessageContaining("chat not found");
        assertThat(text).hasMessageContaining("can't parse entities");
    }

    @Test
    void aBotThatWasThrownOutIsLastingAndAChatThatHasMovedSaysWhere() {
        telegram.answersNext(TelegramStandIn.error(403, "Forbidden: bot was blocked by the user", Map.of()));
        JobFailure blocked = failure(new TelegramPayload(TelegramStandIn.CHAT, "Hello", null));
        telegram.answersNext(TelegramStandIn.error(
                400, "Bad Request: group chat was upgraded", Map.of("migrate_to_chat_id", -100999)));
        JobFailure moved = failure(new TelegramPayload(TelegramStandIn.CHAT, "Hello", null));

        assertThat(blocked.type()).isEqualTo("telegram_403");
        assertThat(blocked.isFinal()).isTrue();
        assertThat(moved.isFinal()).isTrue();
        assertThat(moved).hasMessageContaining("-100999");
    }

    @Test
    void aWrongTokenCanBeMended() {
        JobFailure failure = catchThrowableOfType(
                JobFailure.class, () -> handler("4242:another-token-of-a-bot", Duration.ofSeconds(20))
                        .run(new TelegramPayload(TelegramStandIn.CHAT, "Hello", null), FakeJob.first()));

        assertThat(failure.type()).isEqualTo("telegram_401");
        assertThat(failure.isFinal()).isFalse();
    }

    @Test
    void aServerErrorAnAnswerThatIsNoneAndALostConnectionMayPass() {
        TelegramPayload payload = new TelegramPayload(TelegramStandIn.CHAT, "Hello", null);
        telegram.answersNext(new MockResponse.Builder().code(502).body("<html>").build());
        JobFailure gateway = failure(payload);
        telegram.answersNext(new MockResponse.Builder().code(200).body("<html>").build());
        JobFailure nonsense = failure(payload);
        telegram.answersNext(new MockResponse.Builder()
                .onResponseStart(new SocketEffect.CloseSocket())
                .build());
        JobFailure broken = failure(payload);

        assertThat(List.of(gateway.type(), nonsense.type(), broken.type()))
                .containsExactly("telegram_502", "telegram_200", "telegram_broken");
        assertThat(List.of(gateway.isFinal(), nonsense.isFinal(), broken.isFinal()))
                .containsOnly(false);
    }

    @Test
    void withoutATokenTheJobIsDeadAndSaysWhichSettingIsMissing() {
        JobFailure failure = catchThrowableOfType(JobFailure.class, () -> handler("", Duration.ofSeconds(20))
                .run(new TelegramPayload(TelegramStandIn.CHAT, "Hello", null), FakeJob.first()));

        assertThat(failure.type()).isEqualTo("not_configured");
        assertThat(failure.isFinal()).isTrue();
        assertThat(failure).hasMessageContaining("TAILRACE_TELEGRAM_TOKEN");
    }

    @Test
    void theTokenIsInNoLogLineNoErrorAndNoMetric() throws Exception {
        Logger log = (Logger) LoggerFactory.getLogger("io.tailrace");
        Level before = log.getLevel();
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.list = new CopyOnWriteArrayList<>();
        lines.start();
        log.addAppender(lines);
        log.setLevel(Level.TRACE);
        try {
            TelegramPayload payload = new TelegramPayload(TelegramStandIn.CHAT, "Hello", null);
            var unused = send(payload);
            telegram.answersNext(TelegramStandIn.error(
                    400, "no such thing as /bot" + TelegramStandIn.TOKEN + "/sendMessage", Map.of()));
            JobFailure failure = failure(payload);

            assertThat(failure).hasMessageContaining("REDACTED");
            assertThat(failure.toString()).doesNotContain(TelegramStandIn.TOKEN);
            assertThat(lines.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .anyMatch(line -> line.contains("curl") && line.contains("REDACTED"))
                    .noneMatch(line -> line.contains("stand-in_for"));
            assertThat(registry.getMeters())
                    .extracting(meter -> meter.getId().toString())
                    .noneMatch(id -> id.contains("stand-in_for"));
        } finally {
            log.setLevel(before);
            log.detachAppender(lines);
        }
    }

    @Test
    void aTokenOfAnotherFormIsRefusedAtTheStartWithoutBeingRepeated() {
        assertThatThrownBy(() -> new TelegramSettings("secret/../x", "https://api.telegram.org", Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tailrace.telegram.token")
                .hasMessageNotContaining("secret");
    }
}
