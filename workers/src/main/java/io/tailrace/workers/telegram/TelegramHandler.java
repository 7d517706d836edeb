package io.tailrace.workers.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.text.Excerpt;
import io.tailrace.kit.job.JobContext;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.JobHandler;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.outbound.OutboundHttp;
import io.tailrace.kit.outbound.OutboundOutcome;
import io.tailrace.kit.outbound.OutboundOutcome.Answered;
import io.tailrace.kit.outbound.OutboundOutcome.Failed;
import io.tailrace.kit.outbound.OutboundRequest;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Sends messages by {@code sendMessage} of Telegram's Bot API. The API has no idempotency key: a message whose answer was lost is sent
 * again by the next attempt. Thread-safe; blocks.
 */
@Singleton
final class TelegramHandler implements JobHandler<TelegramPayload> {
    private static final String PURPOSE = "telegram";
    private static final int MAX_MESSAGE = 500;

    /** What is kept of an answer; that to a message of the longest text is shorter. */
    private static final int KEEP_BYTES = 65_536;

    private static final int TOO_MANY_REQUESTS = 429;

    /** The bot's token is wrong or was revoked: an operator can mend that, so the job waits. */
    private static final Set<Integer> ABOUT_THE_BOT = Set.of(401, 404);

    /** If Telegram does not say how long to wait. */
    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(5);

    /** The longest wait that is believed. */
    private static final Duration MOST_WAIT = Duration.ofHours(24);

    private final TelegramSettings settings;
    private final OutboundHttp http;

    TelegramHandler(TelegramSettings settings, OutboundHttp http) {
        this.settings = settings;
        this.http = http;
    }

    /** What is kept as the result of a job. */
    record Sent(long messageId) {}

    @Override
    public String type() {
        return "telegram";
    }

    @Override
    public Class<TelegramPayload> payload() {
        return TelegramPayload.class;
    }

    @Override
    public Sent run(TelegramPayload payload, JobContext context) throws JobFailure, InterruptedException {
        if (!settings.isConfigured()) {
            throw JobFailure.lasting(
                    "not_configured", "No bot is configured: expected the setting TAILRACE_TELEGRAM_TOKEN", null);
        }
        return switch (http.send(request(payload))) {
            case Answered answered -> sent(answered);
            case Failed failed -> throw failed(failed);
        };
    }

    private OutboundRequest request(TelegramPayload payload) throws JobFailure {
        Object chat = payload.chatId();
        String text = payload.text();
        String parseMode = payload.parseMode();
        if (chat == null || text == null) {
            throw JobFailure.lasting("invalid_payload", "expected chat_id and text", null);
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("chat_id", chat);
        body.put("text", text);
        if (parseMode != null) {
            body.put("parse_mode", parseMode);
        }
        String base = settings.url().replaceAll("/+$", "");
        return OutboundRequest.of(
                        PURPOSE,
                        "POST",
                        base + "/bot" + settings.token() + "/sendMessage",
                        "application/json",
                        Json.write(body))
                .hiding(settings.token())
                .within(settings.deadline())
                .keeping(KEEP_BYTES);
    }

    private Sent sent(Answered answered) throws JobFailure {
        JsonNode body = json(answered);
        if (answered.isSuccess() && body.path("ok").asBoolean(false)) {
            return new Sent(body.path("result").path("message_id").asLong());
        }
        int status = answered.status();
        String type = "telegram_" + status;
        String message = "Telegram answered " + status + ": "
                + shown(body.path("description").asText("nothing that is its JSON"));
        if (status == TOO_MANY_REQUESTS) {
            throw JobFailure.passingAfter(wait(answered, body), type, message);
        }
        JsonNode movedTo = body.path("parameters").path("migrate_to_chat_id");
        if (movedTo.isIntegralNumber()) {
            message += "; the chat has now the id " + movedTo.asText();
        }
        boolean isLasting = status / 100 == 4 && !ABOUT_THE_BOT.contains(status);
        throw isLasting ? JobFailure.lasting(type, message, null) : JobFailure.passing(type, message, null);
    }

    private static Duration wait(Answered answered, JsonNode body) {
        JsonNode seconds = body.path("parameters").path("retry_after");
        Duration wait = seconds.canConvertToLong() && seconds.asLong() > 0
                ? Duration.ofSeconds(Math.min(seconds.asLong(), MOST_WAIT.toSeconds()))
                : answered.retryAfter().orElse(DEFAULT_WAIT);
        return wait.compareTo(MOST_WAIT) > 0 ? MOST_WAIT : wait;
    }

    private JobFailure failed(Failed failed) {
        OutboundOutcome.Reason reason = failed.reason();
        return JobFailure.passing(
                "telegram_" + reason.name().toLowerCase(Locale.ROOT),
                "There is no answer of Telegram: " + shown(failed.detail()),
                null);
    }

    private static JsonNode json(Answered answered) {
        try {
            JsonNode body = Json.mapper().readTree(answered.body());
            return body == null ? Json.mapper().missingNode() : body;
        } catch (IOException e) {
            return Json.mapper().missingNode();
        }
    }

    /** The API's path has the token, and some errors of a client repeat a URL. */
    private String shown(String text) {
        return Excerpt.of(
                text.replace(settings.token(), "REDACTED")
                        .replaceAll("\\p{Cntrl}+", " ")
                        .strip(),
                MAX_MESSAGE);
    }
}
