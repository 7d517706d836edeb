package io.tailrace.ingest.incident;

import io.tailrace.ingest.incident.Recipients.Recipient;
import io.tailrace.ingest.notification.People.Person;
import io.tailrace.ingest.notification.Preferences;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is sent to a recipient about an incident. Pure. */
final class IncidentMessages {
    private IncidentMessages() {}

    /**
     * A message.
     *
     * @param type the type of its job
     * @param payload what fits the type
     * @param notBefore when it may be sent; null for now
     */
    record Message(String type, Map<String, Object> payload, @Nullable Instant notBefore) {}

    /** Those for a recipient whose addresses the file says. */
    static List<Message> of(Incident incident, Recipient recipient) {
        List<Message> messages = new ArrayList<>();
        String email = recipient.email();
        if (email != null) {
            messages.add(mail(incident, email, null));
        }
        Object chat = recipient.chat();
        if (chat != null) {
            messages.add(chat(incident, chat, null));
        }
        return messages;
    }

    /** Those for a person, by their preferences. */
    static List<Message> of(Incident incident, Person person, Instant now) {
        Preferences preferences = person.preferences();
        Instant notBefore = preferences.waitsUntil(incident.severity(), now);
        List<Message> messages = new ArrayList<>();
        for (String means : preferences.means(incident.severity())) {
            Object chat = preferences.telegramChatId();
            UUID endpoint = preferences.webhookEndpoint();
            if (means.equals(Preferences.EMAIL)) {
                messages.add(mail(incident, person.email(), notBefore));
            } else if (means.equals(Preferences.TELEGRAM) && chat != null) {
                messages.add(chat(incident, chat, notBefore));
            } else if (means.equals(Preferences.WEBHOOK) && endpoint != null) {
                messages.add(webhook(incident, endpoint, now, notBefore));
            }
        }
        return messages;
    }

    private static Message mail(Incident incident, String to, @Nullable Instant notBefore) {
        return new Message(
                "email", Map.of("to", to, "subject", incident.subject(), "text", incident.mail()), notBefore);
    }

    private static Message chat(Incident incident, Object chat, @Nullable Instant notBefore) {
        return new Message("telegram", Map.of("chat_id", chat, "text", incident.message()), notBefore);
    }

    private static Message webhook(Incident incident, UUID endpoint, Instant now, @Nullable Instant notBefore) {
        Map<String, Object> data =
                Map.of("title", incident.title(), "text", incident.text(), "severity", incident.severity());
        Map<String, Object> event =
                Map.of("type", "incident." + incident.severity(), "timestamp", now.toString(), "data", data);
        return new Message("webhook", Map.of("endpoint", endpoint.toString(), "event", event), notBefore);
    }
}
