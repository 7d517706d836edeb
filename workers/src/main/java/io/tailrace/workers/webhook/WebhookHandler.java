package io.tailrace.workers.webhook;

import io.tailrace.contracts.text.Excerpt;
import io.tailrace.contracts.webhook.EventPattern;
import io.tailrace.contracts.webhook.WebhookSecret;
import io.tailrace.kit.job.JobContext;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.JobHandler;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.outbound.OutboundHttp;
import io.tailrace.kit.outbound.OutboundOutcome.Answered;
import io.tailrace.kit.outbound.OutboundOutcome.Failed;
import io.tailrace.kit.outbound.OutboundOutcome.Reason;
import io.tailrace.kit.time.MonotonicTime;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Delivers events to endpoints and URLs. 2xx is a success; a redirect is a failure, because it was not registered; 410 ends the job and
 * disables the endpoint; everything else is tried again by the {@link DeliverySchedule}. What an endpoint answered stands in the
 * result or in the error of the attempt, which are the delivery log. Thread-safe; blocks.
 */
@Singleton
final class WebhookHandler implements JobHandler<WebhookPayload> {
    /** The types of errors for statuses begin so; the delivery log reads them. */
    private static final String HTTP = "http_";

    private static final int GONE = 410;

    private final Endpoints endpoints;
    private final OutboundHttp http;
    private final WebhookSettings settings;
    private final DeliverySchedule schedule;
    private final InstantSource clock;

    @Inject
    WebhookHandler(Endpoints endpoints, OutboundHttp http, WebhookSettings settings) {
        this(endpoints, http, settings, new DeliverySchedule(RandomGenerator.getDefault()), InstantSource.system());
    }

    WebhookHandler(
            Endpoints endpoints,
            OutboundHttp http,
            WebhookSettings settings,
            DeliverySchedule schedule,
            InstantSource clock) {
        this.endpoints = endpoints;
        this.http = http;
        this.settings = settings;
        this.schedule = schedule;
        this.clock = clock;
    }

    /**
     * What is kept as the result of a job.
     *
     * @param status what the endpoint answered; null if nothing was sent
     * @param durationMs how long that took
     * @param answer the beginning of the body
     * @param skipped why nothing was sent; null if something was
     */
    record Delivered(@Nullable Integer status, long durationMs, String answer, @Nullable String skipped) {}

    /** Where a webhook goes; {@code endpoint} is null for a URL. */
    private record Target(String url, List<WebhookSecret> secrets, @Nullable Endpoint endpoint) {}

    @Override
    public String type() {
        return "webhook";
    }

    @Override
    public Class<WebhookPayload> payload() {
        return WebhookPayload.class;
    }

    @Override
    public Delivered run(WebhookPayload payload, JobContext context) throws JobFailure, InterruptedException {
        Map<String, @Nullable Object> event = payload.event();
        if (event == null) {
            throw JobFailure.lasting("invalid_payload", "event: is missing", null);
        }
        Target target = target(payload);
        Endpoint endpoint = target.endpoint();
        String type = event.get("type") instanceof String text ? text : "";
        if (endpoint != null && !endpoint.wants(type)) {
            return new Delivered(null, 0, "", "the endpoint wants events of the types " + patterns(endpoint.events()));
        }
        UUID messageId = Objects.requireNonNullElse(payload.messageId(), context.id());
        long startMs = MonotonicTime.nowMs();
        var outcome = http.send(
                WebhookRequest.of(target.url(), Json.write(event), messageId, clock.instant(), target.secrets())
                        .within(settings.deadline())
                        .keeping(settings.keepBytes()));
        long tookMs = MonotonicTime.nowMs() - startMs;
        return switch (outcome) {
            case Answered answered -> answered(answered, tookMs, target, context);
            case Failed failed -> throw failed(failed, context);
        };
    }

    private Target target(WebhookPayload payload) throws JobFailure {
        UUID id = payload.endpoint();
        String url = payload.url();
        if (id == null) {
            if (url == null) {
                throw JobFailure.lasting("invalid_payload", "expected one of url, endpoint", null);
            }
            List<WebhookSecret> secrets =
                    settings.secret().isEmpty() ? List.of() : List.of(new WebhookSecret(settings.secret()));
            return new Target(url, secrets, null);
        }
        Endpoint endpoint;
        try {
            endpoint = endpoints
                    .find(id)
                    .orElseThrow(
                            () -> JobFailure.lasting("unknown_endpoint", "There is no webhook endpoint " + id, null));
        } catch (SQLException e) {
            throw JobFailure.passing("endpoints_unavailable", "The endpoints could not be read from PostgreSQL", e);
        } catch (IllegalArgumentException e) {
            throw JobFailure.passing("endpoint_secret", "The endpoint's secret cannot be read: " + e.getMessage(), e);
        }
        if (!endpoint.isEnabled()) {
            throw JobFailure.lasting(
                    "endpoint_disabled", "The webhook endpoint " + endpoint.id() + " is disabled", null);
        }
        return new Target(endpoint.url(), endpoint.secrets(), endpoint);
    }

    private Delivered answered(Answered answered, long tookMs, Target target, JobContext context) throws JobFailure {
        String excerpt = excerpt(answered);
        if (answered.isSuccess()) {
            return new Delivered(answered.status(), tookMs, excerpt, null);
        }
        String type = HTTP + answered.status();
        String message = "The endpoint answered " + answered.status() + " after " + tookMs + " ms"
                + (excerpt.isEmpty() ? "" : ": " + excerpt);
        if (answered.status() == GONE) {
            disable(target.endpoint(), context);
            throw JobFailure.lasting(type, message, null);
        }
        Duration wish = answered.retryAfter().orElse(Duration.ZERO);
        Duration longest = settings.longestRetryAfter();
        throw JobFailure.passingAfter(
                schedule.after(context.attempt(), wish.compareTo(longest) > 0 ? longest : wish), type, message);
    }

    private void disable(@Nullable Endpoint endpoint, JobContext context) throws JobFailure {
        if (endpoint == null) {
            return;
        }
        try {
            endpoints.disable(endpoint);
            context.log().info("The endpoint {} is gone and is disabled", endpoint.id());
        } catch (SQLException e) {
            throw JobFailure.passing("endpoints_unavailable", "The endpoint could not be disabled in PostgreSQL", e);
        }
    }

    private JobFailure failed(Failed failed, JobContext context) {
        // Who has named the address must not learn of this network from the error; operators have the log.
        context.log().info("No answer: {}, {}", failed.reason(), failed.detail());
        String type = failed.reason().name().toLowerCase(Locale.ROOT);
        return switch (failed.reason()) {
            case URL_INVALID -> JobFailure.lasting(type, "The URL is malformed", null);
            case ADDRESS_REFUSED -> JobFailure.lasting(type, "The URL leads to an address that is not public", null);
            case NAME_NOT_RESOLVED, NOT_CONNECTED, TLS_FAILED, TIMED_OUT, BROKEN, ANSWER_TOO_LARGE, REDIRECT_REFUSED ->
                JobFailure.passingAfter(
                        schedule.after(context.attempt(), Duration.ZERO),
                        type,
                        "There is no answer: " + why(failed.reason()));
            case CIRCUIT_OPEN, BUSY -> notSent(failed.reason(), type, context);
        };
    }

    /** What was not sent is no attempt, but only as long as the schedule lasts, so that a job has an end. */
    private JobFailure notSent(Reason reason, String type, JobContext context) {
        Duration wait = schedule.after(context.attempt(), Duration.ZERO);
        String message = "There is no answer: " + why(reason);
        return context.attempt() <= DeliverySchedule.WAITS.size()
                ? JobFailure.postponed(wait, type, message)
                : JobFailure.passingAfter(wait, type, message);
    }

    private static String why(Reason reason) {
        return switch (reason) {
            case URL_INVALID, ADDRESS_REFUSED -> "the address is refused";
            case NAME_NOT_RESOLVED -> "the name of the host has no address";
            case NOT_CONNECTED -> "no connection could be made";
            case TLS_FAILED -> "TLS failed";
            case TIMED_OUT -> "it did not come in time";
            case BROKEN -> "the connection broke, or what came was not HTTP";
            case ANSWER_TOO_LARGE -> "it is too large";
            case REDIRECT_REFUSED -> "a redirect is not followed";
            case CIRCUIT_OPEN -> "the host failed too often and is left alone for a moment; nothing was sent";
            case BUSY -> "too many requests to the host are under way; nothing was sent";
        };
    }

    private static String patterns(List<EventPattern> events) {
        return String.join(", ", events.stream().map(EventPattern::text).toList());
    }

    /** The beginning of the body on one line. */
    private String excerpt(Answered answered) {
        String text = new String(answered.body(), StandardCharsets.UTF_8)
                .replaceAll("\\p{Cntrl}+", " ")
                .strip();
        return Excerpt.of(text, settings.keepBytes()) + (answered.isCut() ? "…" : "");
    }
}
