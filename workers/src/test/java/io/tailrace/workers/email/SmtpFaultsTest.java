package io.tailrace.workers.email;

import static io.tailrace.workers.email.EmailHandlerTest.payload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tailrace.backends.ReservedPort;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.testing.FakeJob;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mail servers that refuse, hang, and go away in the middle. */
@Timeout(300)
class SmtpFaultsTest {
    private static final EmailPayload PAYLOAD = payload("ada@example.org", "Hello", "text", null);

    private static SmtpSettings settings(int port, String security, String user, Duration timeout) {
        return new SmtpSettings("127.0.0.1", port, security, user, user, "sender@tailrace.example", "", timeout);
    }

    private static JobFailure failure(ScriptedSmtp server, String security, String user, Duration timeout) {
        EmailHandler handler = new EmailHandler(settings(server.port(), security, user, timeout));
        return catchThrowableOfType(JobFailure.class, () -> handler.run(PAYLOAD, FakeJob.first()));
    }

    @ParameterizedTest
    @CsvSource({
        "MAIL, 550 no such sender, smtp_550, true",
        "MAIL, 451 later, smtp_451, false",
        "MAIL, 530 sign in first, smtp_530, false",
        "RCPT, 550 5.1.1 no such mailbox, smtp_550, true",
        "RCPT, 450 greylisted, smtp_450, false",
        "RCPT, 421 closing|CLOSE, smtp_421, false",
        "DATA, 554 no, smtp_554, true",
        "., 552 too large, smtp_552, true",
        "., 554 spam, smtp_554, true",
        "., 452 disk full, smtp_452, false",
        "GREETING, 554 no service for you, smtp_unavailable, false",
        "GREETING, 421 busy, smtp_unavailable, false",
        "GREETING, CLOSE, smtp_unavailable, false",
        "EHLO, CLOSE, smtp_unavailable, false",
        "RCPT, CLOSE, smtp_unavailable, false",
        "DATA, CLOSE, smtp_unavailable, false",
        "., CLOSE, smtp_unavailable, false",
    })
    void aServerThatRefusesTheMessageEndsTheJobAndAnythingElseMayPass(
            String command, String answer, String type, boolean isFinal) throws Exception {
        try (ScriptedSmtp server = new ScriptedSmtp(Map.of(command, answer))) {
            JobFailure failure = failure(server, "off", "", Duration.ofSeconds(20));

            assertThat(failure.type()).isEqualTo(type);
            assertThat(failure.isFinal()).isEqualTo(isFinal);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GREETING", "EHLO", "MAIL", "RCPT", "DATA", "."})
    void aServerThatHangsIsWaitedForNoLongerThanTheTimeout(String command) throws Exception {
        try (ScriptedSmtp server = new ScriptedSmtp(Map.of(command, ScriptedSmtp.HANG))) {
            JobFailure failure = failure(server, "off", "", Duration.ofMillis(200));

            assertThat(failure.type()).isEqualTo("smtp_timeout");
            assertThat(failure.isFinal()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {ScriptedSmtp.CLOSE, ScriptedSmtp.HANG, "421 bye"})
    void whatAServerDoesAfterItHasTakenTheMessageChangesNothing(String answer) throws Exception {
        try (ScriptedSmtp server = new ScriptedSmtp(Map.of("QUIT", answer))) {
            EmailHandler handler = new EmailHandler(settings(server.port(), "off", "", Duration.ofSeconds(20)));

            assertThat(handler.run(PAYLOAD, FakeJob.first()).messageId()).endsWith("@tailrace.example>");
        }
    }

    @Test
    void aPortWithoutAServerMayHaveOneLater() throws Exception {
        try (ReservedPort port = ReservedPort.take()) {
            EmailHandler handler = new EmailHandler(settings(port.number(), "off", "", Duration.ofSeconds(20)));
            JobFailure failure = catchThrowableOfType(JobFailure.class, () -> handler.run(PAYLOAD, FakeJob.first()));

            assertThat(failure.type()).isEqualTo("smtp_unavailable");
            assertThat(failure.isFinal()).isFalse();
        }
    }

    @Test
    void aWrongPasswordCanBeMended() throws Exception {
        Map<String, String> script = Map.of("EHLO", "250-scripted|250 AUTH PLAIN", "AUTH", "535 wrong");
        try (ScriptedSmtp server = new ScriptedSmtp(script)) {
            JobFailure failure = failure(server, "off", "me", Duration.ofSeconds(20));

            assertThat(failure.type()).isEqualTo("smtp_authentication");
            assertThat(failure.isFinal()).isFalse();
            assertThat(server.lines).noneMatch(line -> line.startsWith("MAIL"));
        }
    }

    @Test
    void withoutTheStarttlsThatIsRequiredNothingIsSent() throws Exception {
        try (ScriptedSmtp server = new ScriptedSmtp(Map.of())) {
            JobFailure failure = failure(server, "starttls", "me", Duration.ofSeconds(20));

            assertThat(failure.isFinal()).isFalse();
            assertThat(server.lines).noneMatch(line -> line.startsWith("MAIL") || line.startsWith("AUTH"));
        }
    }

    @Test
    void anAttemptThatIsInterruptedEndsAtOnce() throws Exception {
        try (ScriptedSmtp server = new ScriptedSmtp(Map.of("RCPT", ScriptedSmtp.HANG))) {
            EmailHandler handler = new EmailHandler(settings(server.port(), "off", "", Duration.ofMinutes(5)));
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread worker = Thread.ofVirtual().start(() -> {
                try {
                    var unused = handler.run(PAYLOAD, FakeJob.first());
                    thrown.cancel(false);
                } catch (JobFailure | InterruptedException e) {
                    thrown.complete(e);
                }
            });
            server.hanging.await();
            worker.interrupt();

            assertThat(thrown.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        }
    }
}
