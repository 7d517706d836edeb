package io.tailrace.workers.email;

import io.tailrace.contracts.text.Excerpt;
import io.tailrace.kit.job.JobFailure;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

/**
 * What a failure to send means for the job. A server that answers 5xx (RFC 5321, 4.2.1) to a sender, a recipient or a message will do
 * so again, so that the job is dead. Everything else may pass, also what an operator has to mend: a wrong password, a certificate, a
 * server that takes nobody's mail. Pure.
 */
final class SmtpFailures {
    /** How many exceptions are looked through. */
    private static final int MAX_CAUSES = 64;

    private static final int MAX_MESSAGE = 500;

    /** RFC 4954 and RFC 3207: the server wants somebody else, or TLS, and says nothing about the message. */
    private static final Set<Integer> ABOUT_THE_SESSION = Set.of(530, 534, 535, 538);

    private SmtpFailures() {}

    static JobFailure of(Throwable failure) {
        List<Throwable> all = chain(failure);
        for (Throwable each : all) {
            int code = code(each);
            if (code >= 400) {
                String type = "smtp_" + code;
                String message = "The mail server answered: " + shown(each);
                return code >= 500 && !ABOUT_THE_SESSION.contains(code)
                        ? JobFailure.lasting(type, message, failure)
                        : JobFailure.passing(type, message, failure);
            }
        }
        if (has(all, AuthenticationFailedException.class)) {
            return JobFailure.passing(
                    "smtp_authentication", "The mail server does not take the user and password", failure);
        }
        if (has(all, SocketTimeoutException.class)) {
            return JobFailure.passing("smtp_timeout", "The mail server did not answer in time", failure);
        }
        Throwable last = all.getLast();
        if (has(all, SSLException.class)) {
            return JobFailure.passing("smtp_tls", "TLS with the mail server failed: " + shown(last), failure);
        }
        return JobFailure.passing("smtp_unavailable", "The mail was not sent: " + shown(last), failure);
    }

    /** The code that a server answered to one of the commands that hand a message over; 0 or less if there is none. */
    private static int code(Throwable failure) {
        return switch (failure) {
            case SMTPAddressFailedException address -> address.getReturnCode();
            case SMTPSenderFailedException sender -> sender.getReturnCode();
            case SMTPSendFailedException send -> send.getReturnCode();
            default -> 0;
        };
    }

    /** A failure and what it was caused by, the causes last. */
    private static List<Throwable> chain(Throwable failure) {
        List<Throwable> all = new ArrayList<>();
        Deque<Throwable> open = new ArrayDeque<>(List.of(failure));
        while (!open.isEmpty() && all.size() < MAX_CAUSES) {
            Throwable each = open.removeFirst();
            all.add(each);
            add(open, each.getCause());
            if (each instanceof MessagingException messaging && messaging.getNextException() != each.getCause()) {
                add(open, messaging.getNextException());
            }
        }
        return all;
    }

    private static void add(Deque<Throwable> open, @Nullable Throwable cause) {
        if (cause != null) {
            open.addLast(cause);
        }
    }

    private static boolean has(List<Throwable> all, Class<? extends Throwable> type) {
        return all.stream().anyMatch(type::isInstance);
    }

    private static String shown(Throwable failure) {
        String message = failure.getMessage();
        String text = message == null ? failure.getClass().getSimpleName() : message;
        return Excerpt.of(text.replaceAll("\\p{Cntrl}+", " ").strip(), MAX_MESSAGE);
    }
}
