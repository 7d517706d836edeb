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
import io.tailrace.ingest.idempotency.Stamp;
import io.tailrace.ingest.idempotency.Stamps;
import io.tailrace.ingest.incident.IncidentMessages.Message;
import io.tailrace.ingest.incident.Notifications.Notification;
import io.tailrace.ingest.incident.Recipients.Recipient;
import io.tailrace.ingest.job.JobRights;
import io.tailrace.ingest.job.OwnJobs;
import io.tailrace.ingest.notification.People;
import io.tailrace.ingest.notification.People.Person;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Incidents, for the role operator and for tokens whose claim {@code jobs} covers incident. */
@Controller("/incidents")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_AUTHENTICATED)
final class IncidentController {
    /** What the claim {@code jobs} has to cover. It is no type of jobs: the right is for this alone. */
    private static final String RIGHT = "incident";

    private static final Duration RETRY_AFTER = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(IncidentController.class);

    private final OwnJobs jobs;
    private final People people;
    private final Stamps stamps;
    private final int repeatSeconds;
    private final @Nullable Recipients recipients;

    IncidentController(OwnJobs jobs, People people, Stamps stamps, IncidentSettings settings) {
        this.jobs = jobs;
        this.people = people;
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
        // Whom the file gives an address is told first, because nothing but the log is needed for that.
        List<CompletableFuture<Notification>> notifications = new ArrayList<>();
        forEach(incidents, told, false, (incident, recipient) -> {
            for (Message message : IncidentMessages.of(incident, recipient)) {
                notifications.add(enqueue(message, incident, recipient.name(), sender));
            }
        });
        Map<UUID, Person> known = people.find(told.people());
        Instant now = new Stamp(stamps.id()).time();
        forEach(incidents, told, true, (incident, recipient) -> {
            Person person = known.get(recipient.person());
            if (person == null) {
                LOG.warn("nobody is told for the recipient {}: there is no such account", recipient.name());
                return;
            }
            for (Message message : IncidentMessages.of(incident, person, now)) {
                notifications.add(enqueue(message, incident, recipient.name(), sender));
            }
        });
        return CompletableFuture.allOf(notifications.toArray(CompletableFuture[]::new))
                .thenApply(_ -> HttpResponse.<Notifications>accepted()
                        .body(new Notifications(notifications.stream()
                                .map(CompletableFuture::join)
                                .toList())));
    }

    private static void forEach(
            List<Incident> incidents, Recipients told, boolean people, BiConsumer<Incident, Recipient> each) {
        for (Incident incident : incidents) {
            for (Recipient recipient : told.all()) {
                if (recipient.person() != null == people && recipient.wants(incident.severity())) {
                    each.accept(incident, recipient);
                }
            }
        }
    }

    /** A request that is sent again with its key leads to the same jobs, whatever people have changed meanwhile. */
    private CompletableFuture<Notification> enqueue(
            Message message, Incident incident, String recipient, Sender sender) {
        String key = sender.key();
        String what =
                String.join("\n", recipient, message.type(), incident.severity(), incident.title(), incident.text());
        String incidentKey = incident.key();
        UUID id = key == null
                ? stamps.id()
                : JobCommandIds.enqueue(
                        sender.subject(), DerivedId.of(RIGHT, what, String.valueOf(incidentKey)) + " " + key);
        String uniqueKey = incidentKey == null
                ? null
                : "incident:" + DerivedId.of(sender.subject(), RIGHT, incidentKey) + ":" + recipient + ":"
                        + message.type();
        int uniqueSeconds = uniqueKey == null ? 0 : repeatSeconds;
        return jobs.enqueue(id, message.type(), message.payload(), uniqueKey, uniqueSeconds, message.notBefore())
                .thenApply(done -> new Notification(
                        recipient, message.type(), done.id(), done.state(), !done.isNew(), done.runAt()));
    }
}
