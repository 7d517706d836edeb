package io.tailrace.workers.email;

import io.tailrace.kit.job.JobContext;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.JobHandler;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.simplejavamail.api.email.Email;
import org.simplejavamail.api.email.EmailPopulatingBuilder;
import org.simplejavamail.api.mailer.Mailer;
import org.simplejavamail.api.mailer.config.TransportStrategy;
import org.simplejavamail.email.EmailBuilder;
import org.simplejavamail.mailer.MailerBuilder;
import org.simplejavamail.mailer.internal.MailerRegularBuilderImpl;

/**
 * Sends e-mails. The Message-ID is made of the job's id, so that a mail server or a reader recognises a message that was sent twice:
 * once by a worker that vanished before it said so, and once more. Thread-safe; blocks.
 */
@Singleton
final class EmailHandler implements JobHandler<EmailPayload> {
    static final String NOT_CONFIGURED = "not_configured";
    static final String INVALID = "invalid_payload";

    private final SmtpSettings settings;
    private final @Nullable Mailer mailer;

    @Inject
    EmailHandler(SmtpSettings settings) {
        this(settings, null);
    }

    /**
     * With other trust than the JDK's.
     *
     * @param sockets make TLS connections; null for those of the JDK
     */
    EmailHandler(SmtpSettings settings, @Nullable SSLSocketFactory sockets) {
        this.settings = settings;
        this.mailer = settings.isConfigured() ? mailer(settings, sockets) : null;
    }

    /** What is kept as the result of a job. */
    record Sent(String messageId) {}

    @Override
    public String type() {
        return "email";
    }

    @Override
    public Class<EmailPayload> payload() {
        return EmailPayload.class;
    }

    @Override
    public Sent run(EmailPayload payload, JobContext context) throws JobFailure, InterruptedException {
        if (mailer == null) {
            throw JobFailure.lasting(
                    NOT_CONFIGURED, "No mail server is configured: expected the setting TAILRACE_SMTP_HOST", null);
        }
        String messageId = messageId(context);
        Email email;
        try {
            email = email(payload, messageId);
        } catch (IllegalArgumentException e) {
            throw JobFailure.lasting(INVALID, String.valueOf(e.getMessage()), e);
        }
        try {
            var unused = mailer.sendMail(email, false);
        } catch (RuntimeException e) {
            if (Thread.interrupted()) {
                InterruptedException interrupted = new InterruptedException("interrupted while it sent an e-mail");
                interrupted.initCause(e);
                throw interrupted;
            }
            throw SmtpFailures.of(e);
        }
        context.log().info("Sent as {}", messageId);
        return new Sent(messageId);
    }

    private String messageId(JobContext context) {
        return "<" + context.id() + "@" + Mailbox.of("from", settings.from()).domain() + ">";
    }

    private Email email(EmailPayload payload, String messageId) {
        Map<String, @Nullable Object> data = payload.data();
        String to = Mailbox.of("to", given("to", payload.to())).address();
        String subject = given("subject", payload.subject());
        String text = given("text", payload.text());
        String html = payload.html();
        if (data != null) {
            subject = Placeholders.text(subject, data);
            text = Placeholders.text(text, data);
            html = html == null ? null : Placeholders.html(html, data);
        }
        if (subject.chars().anyMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029)) {
            throw new IllegalArgumentException("subject: has a control character, expected one line");
        }
        Mailbox sender = Mailbox.of("from", settings.from());
        EmailPopulatingBuilder email = EmailBuilder.ignoringDefaults()
                .startingBlank()
                .fixingMessageId(messageId)
                .from(settings.fromName().isEmpty() ? null : settings.fromName(), sender.address())
                .to(to)
                .withSubject(subject)
                .withPlainText(text)
                // RFC 3834: so that no machine answers.
                .withHeader("Auto-Submitted", "auto-generated");
        return (html == null ? email : email.withHTMLText(html)).buildEmail();
    }

    private static String given(String field, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            throw new IllegalArgumentException(field + ": is missing");
        }
        return text;
    }

    private static Mailer mailer(SmtpSettings settings, @Nullable SSLSocketFactory sockets) {
        MailerRegularBuilderImpl builder = MailerBuilder.withSMTPServerHost(settings.host())
                .withSMTPServerPort(settings.port())
                .withTransportStrategy(
                        switch (settings.protection()) {
                            case STARTTLS -> TransportStrategy.SMTP_TLS;
                            case TLS -> TransportStrategy.SMTPS;
                            case OFF -> TransportStrategy.SMTP;
                        })
                .withSessionTimeout(Math.toIntExact(settings.timeout().toMillis()))
                .trustingAllHosts(false)
                .verifyingServerIdentity(true)
                // The addresses are checked before.
                .clearEmailValidator();
        for (String protocol : new String[] {"smtp", "smtps"}) {
            // What a server says after it has taken a message changes nothing.
            builder.withProperty("mail." + protocol + ".quitwait", "false");
        }
        if (settings.protection() == SmtpSettings.Security.OFF) {
            builder.withProperty("mail.smtp.starttls.enable", "false");
        }
        if (!settings.user().isEmpty()) {
            builder.withSMTPServerUsername(settings.user()).withSMTPServerPassword(settings.password());
        }
        if (sockets != null) {
            builder.withCustomSSLFactoryInstance(sockets);
        }
        return builder.buildMailer();
    }
}
