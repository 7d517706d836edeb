package io.tailrace.workers.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.testing.FakeJob;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real mail server, GreenMail. */
class EmailHandlerTest {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private GreenMail server;
    private EmailHandler handler;

    @BeforeEach
    void start() {
        server = new GreenMail(setup(ServerSetup.PROTOCOL_SMTP));
        server.start();
        handler = new EmailHandler(settings(server.getSmtp().getPort(), "off"));
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    /** At a free port, and with more time than the two seconds after which GreenMail takes its own start for a failure. */
    private static ServerSetup setup(String protocol) {
        ServerSetup setup = new ServerSetup(0, "127.0.0.1", protocol);
        setup.setServerStartupTimeout(START_TIMEOUT.toMillis());
        return setup;
    }

    static SmtpSettings settings(int port, String security) {
        return new SmtpSettings(
                "127.0.0.1", port, security, "", "", "sender@tailrace.example", "Tailrace", Duration.ofSeconds(20));
    }

    static EmailPayload payload(String to, String subject, String text, @Nullable String html) {
        return new EmailPayload(to, subject, text, html, null);
    }

    @Test
    void aTextArrivesUnderAMessageIdThatIsMadeOfTheJob() throws Exception {
        FakeJob job = FakeJob.first();

        EmailHandler.Sent sent = handler.run(payload("ada@example.org", "Hello", "One\n.\nTwo", null), job);

        MimeMessage message = received();
        assertThat(message.getMessageID()).isEqualTo("<" + job.id() + "@tailrace.example>");
        assertThat(sent.messageId()).isEqualTo(message.getMessageID());
        assertThat(message.getSubject()).isEqualTo("Hello");
        assertThat(message.getAllRecipients()[0]).hasToString("ada@example.org");
        assertThat(message.getFrom()[0]).hasToString("Tailrace <sender@tailrace.example>");
        assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(text(message)).isEqualToNormalizingNewlines("One\n.\nTwo");
    }

    @Test
    void aMessageThatIsSentTwiceHasOneMessageId() throws Exception {
        FakeJob job = FakeJob.first();
        EmailPayload payload = payload("ada@example.org", "Hello", "x", null);

        var unusedFirst = handler.run(payload, job);
        var unusedSecond = handler.run(payload, FakeJob.of(job.id(), 2));

        assertThat(server.getReceivedMessages()).hasSize(2);
        assertThat(server.getReceivedMessages()[0].getMessageID())
                .isEqualTo(server.getReceivedMessages()[1].getMessageID());
    }

    @Test
    void htmlComesBesideTheText() throws Exception {
        var unused = handler.run(payload("ada@example.org", "Hello", "plain", "<b>rich</b>"), FakeJob.first());

        MimeMessage message = received();
        assertThat(text(message)).isEqualTo("plain");
        assertThat(part(message, "text/html")).isEqualTo("<b>rich</b>");
    }

    @Test
    void whatIsNotAsciiArrivesAsItWas() throws Exception {
        String text = "Привет, 世界 🎉 " + "ä".repeat(2000);
        var unused = handler.run(payload("ada@münchen.example", "Grüße an 世界 🎉", text, null), FakeJob.first());

        MimeMessage message = received();
        assertThat(message.getSubject()).isEqualTo("Grüße an 世界 🎉");
        assertThat(message.getHeader("Subject", null)).isASCII();
        assertThat(text(message)).isEqualTo(text);
        assertThat(message.getAllRecipients()[0]).hasToString("ada@xn--mnchen-3ya.example");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "'ada@example.org\r\nBcc: eve@example.org', Hello",
                "'ada@example.org\nBcc: eve@example.org', Hello",
                "'ada@example.org, eve@example.org', Hello",
                "'Ada <ada@example.org>', Hello",
                "'ädä@example.org', Hello",
                "'ada', Hello",
                "'@example.org', Hello",
                "'ada@', Hello",
                "'ada@-a.example', Hello",
                "-, Hello",
                "ada@example.org, 'Hello\r\nBcc: eve@example.org'",
                "ada@example.org, 'Hello\rBcc: eve@example.org'",
                "ada@example.org, 'Hello\u2028Bcc: eve@example.org'",
                "ada@example.org, -",
            })
    void whatCouldBecomeAnotherHeaderOrMailboxIsRefused(String to, String subject) throws Exception {
        JobFailure failure = catchThrowableOfType(
                JobFailure.class, () -> handler.run(payload(to, subject, "text", null), FakeJob.first()));

        assertThat(failure.type()).isEqualTo("invalid_payload");
        assertThat(failure.isFinal()).isTrue();
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @Test
    void valuesTakeThePlacesOfTheirNamesAndAreTextInHtml() throws Exception {
        EmailPayload payload = new EmailPayload(
                "ada@example.org",
                "For {{name}}",
                "Dear {{ name }}, {{count}}",
                "<p title=\"{{name}}\">{{name}}</p>",
                Map.of("name", "<A & \"B'>", "count", 3));
        var unused = handler.run(payload, FakeJob.first());

        MimeMessage message = received();
        assertThat(message.getSubject()).isEqualTo("For <A & \"B'>");
        assertThat(text(message)).isEqualTo("Dear <A & \"B'>, 3");
        String escaped = "&lt;A &amp; &quot;B&#39;&gt;";
        assertThat(part(message, "text/html")).isEqualTo("<p title=\"" + escaped + "\">" + escaped + "</p>");
    }

    @Test
    void aValueCannotBeginAHeader() throws Exception {
        EmailPayload payload = new EmailPayload(
                "ada@example.org", "For {{name}}", "text", null, Map.of("name", "Ada\r\nBcc: eve@example.org"));
        JobFailure failure = catchThrowableOfType(JobFailure.class, () -> handler.run(payload, FakeJob.first()));

        assertThat(failure.type()).isEqualTo("invalid_payload");
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @Test
    void overTlsItArrivesIfTheServerIsTrusted() throws Exception {
        GreenMail secure = new GreenMail(setup(ServerSetup.PROTOCOL_SMTPS));
        secure.start();
        try {
            SmtpSettings settings = settings(secure.getSmtps().getPort(), "tls");
            EmailPayload payload = payload("ada@example.org", "Hello", "x", null);
            JobFailure failure = catchThrowableOfType(
                    JobFailure.class, () -> new EmailHandler(settings).run(payload, FakeJob.first()));

            assertThat(failure.type()).isEqualTo("smtp_tls");
            assertThat(failure.isFinal()).isFalse();
            assertThat(secure.getReceivedMessages()).isEmpty();
        } finally {
            secure.stop();
        }
    }

    @Test
    void withoutAServerTheJobIsDeadAndSaysWhichSettingIsMissing() {
        SmtpSettings none = new SmtpSettings("", 587, "starttls", "", "", "", "", Duration.ofSeconds(1));
        JobFailure failure = catchThrowableOfType(JobFailure.class, () -> new EmailHandler(none)
                .run(payload("ada@example.org", "a", "b", null), FakeJob.first()));

        assertThat(failure.type()).isEqualTo("not_configured");
        assertThat(failure.isFinal()).isTrue();
        assertThat(failure).hasMessageContaining("TAILRACE_SMTP_HOST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssl", "", "none"})
    void anUnknownProtectionIsRefusedAtTheStart(String security) {
        assertThat(catchThrowableOfType(IllegalArgumentException.class, () -> settings(25, security)))
                .hasMessageContaining("tailrace.smtp.security");
    }

    private MimeMessage received() {
        assertThat(server.getReceivedMessages()).hasSize(1);
        return server.getReceivedMessages()[0];
    }

    private static String text(MimeMessage message) throws Exception {
        return part(message, "text/plain");
    }

    private static String part(jakarta.mail.Part part, String type) throws Exception {
        if (part.isMimeType(type)) {
            return String.valueOf(part.getContent());
        }
        if (part.getContent() instanceof Multipart parts) {
            for (int i = 0; i < parts.getCount(); i++) {
                String found = part(parts.getBodyPart(i), type);
                if (!found.isEmpty()) {
                    return found;
                }
            }
        }
        return "";
    }
}
