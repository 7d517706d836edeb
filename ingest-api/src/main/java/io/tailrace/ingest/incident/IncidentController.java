package io.tailrace.ingest.incident;

import com.fasterxml.jackson.databind.JsonNode;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tailrace.contracts.identity.DerivedId;
import io.tailrace.contracts.job.JobCommandIds;
import io.tailrace.ingest.idempotency.KeyHeader;
import io.tailrace.ingest.idempotency.Stamps;
import io.tailrace.ingest.incident.Notifications.Notification;
import io.tailrace.ingest.incident.Recipients.Recipient;
import io.tailrace.ingest.job.JobRights;
import io.tailrace.ingest.job.OwnJobs;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Incidents, for the role operator and for tokens whose claim {@code jobs} covers incident. */
@Controller("/incidents")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_AUTHENTICATED)
final class IncidentController {
    /** What the claim {@code jobs} has to cover. It is no type of jobs: the right is for this alone. */
    private static final String RIGHT = "incident";

    private static final Duration RETRY_AFTER = Duration.ofMinutes(1);

    private final OwnJobs jobs;
    private final Stamps stamps;
    private final int repeatSeconds;
    private final @Nullable Recipients recipients;

    IncidentController(OwnJobs jobs, Stamps stamps, IncidentSettings settings) {
        this.jobs = jobs;
        this.stamps = stamps;
        this.repeatSeconds = Math.toIntExact(settings.repeatAfter().toSeconds());
        this.recipients = settings.recipients();
    }

    /** What identifies a request and its sender. */
    private record Sender(String subject, @Nullable String key) {}

    /** Tells whoever has to know of an incident; it also takes what Alertmanager sends to a webhook. */
    @Post
    @Status(HttpStatus.ACCEPTED)
    CompletionStage<HttpResponse<Notifications>> tell(
            HttpRequest<?> request,
            @Parameter(hidden = true) Caller caller,
            @Body @Schema(implementation = NewIncident.class) JsonNode body) {
        if (!JobRights.of(caller).cover(RIGHT)) {
            throw new ProblemException(
                    ProblemType.FORBIDDEN,
                    "This needs the role operator, or a token whose claim \"jobs\" covers incident");
        }
        List<Incident> incidents = IncidentReader.read(body);
        Recipients told = recipients;
        if (told == null) {
            throw ProblemException.unavailable(
                    "Nobody would be told: the setting TAILRACE_NOTIFY_FILE names no file", RETRY_AFTER, null);
        }
        Sender sender = new Sender(caller.subject(), KeyHeader.of(request));
        List<CompletableFuture<Notification>> notifications = new ArrayList<>();
        for (Incident incident : incidents) {
            for (Recipient recipient : told.all()) {
                if (recipient.wants(incident.severity())) {
                    tell(incident, recipient, sender, notifications);
                }
            }
        }
        return CompletableFuture.allOf(notifications.toArray(CompletableFuture[]::new))
                .thenApply(_ -> HttpResponse.<Notifications>accepted()
                        .body(new Notifications(notifications.stream()
                                .map(CompletableFuture::join)
                                .toList())));
    }

    private void tell(
            Incident incident,
            Recipient recipient,
            Sender sender,
            List<CompletableFuture<Notification>> notifications) {
        String email = recipient.email();
        if (email != null) {
            Map<String, Object> mail = Map.of("to", email, "subject", incident.subject(), "text", incident.mail());
            notifications.add(enqueue("email", mail, incident, recipient, sender, notifications.size()));
        }
        Object chat = recipient.chat();
        if (chat != null) {
            Map<String, Object> message = Map.of("chat_id", chat, "text", incident.message());
            notifications.add(enqueue("telegram", message, incident, recipient, sender, notifications.size()));
        }
    }

    private CompletableFuture<Notification> enqueue(
            String type,
            Map<String, Object> payload,
            Incident incident,
            Recipient recipient,
            Sender sender,
            int place) {
        String key = sender.key();
        UUID id = key == null ? stamps.id() : JobCommandIds.enqueue(sender.subject(), place + " incident " + key);
        String incidentKey = incident.key();
        String uniqueKey = incidentKey == null
                ? null
                : "incident:" + DerivedId.of(sender.subject(), RIGHT, incidentKey) + ":" + recipient.name();
        return jobs.enqueue(id, type, payload, uniqueKey, uniqueKey == null ? 0 : repeatSeconds)
                .thenApply(done -> new Notification(recipient.name(), type, done.id(), done.state(), !done.isNew()));
    }
}
