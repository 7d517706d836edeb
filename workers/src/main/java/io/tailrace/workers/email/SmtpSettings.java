package io.tailrace.workers.email;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import java.util.Locale;

/**
 * The mail server. Immutable.
 *
 * @param host its name or address; without one, jobs of the type email fail at once
 * @param port its port
 * @param security starttls: the server has to offer STARTTLS; tls: TLS from the first byte, usually at port 465; off: neither, also
 *     if it is offered
 * @param user who signs in; empty for nobody
 * @param password the user's password
 * @param from the address of the sender; its domain stands in the Message-ID, too
 * @param fromName the name of the sender; may be empty
 * @param timeout the longest wait for a connection, for an answer of the server, and for it to take what is sent
 */
@ConfigurationProperties("tailrace.smtp")
public record SmtpSettings(
        @Bindable(defaultValue = "") String host,
        @Bindable(defaultValue = "587") int port,
        @Bindable(defaultValue = "starttls") String security,
        @Bindable(defaultValue = "") String user,
        @Bindable(defaultValue = "") String password,
        @Bindable(defaultValue = "") String from,
        @Bindable(defaultValue = "") String fromName,
        @Bindable(defaultValue = "15s") Duration timeout) {
    /** How the connection is protected. */
    enum Security {
        STARTTLS,
        TLS,
        OFF
    }

    /** Checks what can be checked without the server. */
    public SmtpSettings {
        var unused = security(security);
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("tailrace.smtp.port: " + port + ", expected 1 to 65535");
        }
        if (timeout.toMillis() < 1 || timeout.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException("tailrace.smtp.timeout: " + timeout + ", expected 1 ms to 10 min");
        }
        if (!host.isEmpty() && from.isEmpty()) {
            throw new IllegalArgumentException("tailrace.smtp.from: is missing, expected the address of the sender");
        }
        if (!from.isEmpty()) {
            var unusedFrom = Mailbox.of("tailrace.smtp.from", from);
        }
        if (fromName.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("tailrace.smtp.from-name: expected no control characters");
        }
    }

    /** Without what is secret. */
    @Override
    public String toString() {
        return "SmtpSettings[" + host + ":" + port + ", " + security + "]";
    }

    boolean isConfigured() {
        return !host.isEmpty();
    }

    Security protection() {
        return security(security);
    }

    private static Security security(String text) {
        try {
            return Security.valueOf(text.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "tailrace.smtp.security: \"" + text + "\", expected starttls, tls or off", e);
        }
    }
}
