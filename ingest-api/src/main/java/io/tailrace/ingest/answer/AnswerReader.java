package io.tailrace.ingest.answer;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.ingest.answer.NewAnswer.Message;
import io.tailrace.ingest.input.Faults;
import io.tailrace.ingest.input.Texts;
import io.tailrace.kit.answer.AnswerModel;
import io.tailrace.kit.answer.AnswerModels;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads questions. Pure. */
final class AnswerReader {
    private static final Set<String> FIELDS = Set.of("model", "messages", "uploads", "max_tokens", "temperature");
    private static final Set<String> ROLES = Set.of("system", "user", "assistant");
    private static final int MAX_MESSAGES = 1_000;
    private static final int MAX_SHOWN = 20;
    private static final BigDecimal HOTTEST = BigDecimal.valueOf(2);
    private static final Duration RETRY_AFTER = Duration.ofMinutes(1);

    /** A token of the languages that take most tokens for a text has about three bytes. Until the usage is known this is enough. */
    private static final int BYTES_PER_TOKEN = 3;

    private final AnswerModels models;
    private final int maxPromptBytes;

    AnswerReader(AnswerModels models, int maxPromptBytes) {
        this.models = models;
        this.maxPromptBytes = maxPromptBytes;
    }

    /**
     * What a request asks.
     *
     * @throws ProblemException 400 with every fault, 413 if the messages are too long, 503 if there are no models
     */
    AnswerJob read(UUID owner, JsonNode body) {
        if (!body.isObject()) {
            throw ProblemException.invalid("body", "expected an object {model, messages, …}");
        }
        Faults faults = new Faults();
        for (Iterator<String> names = body.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!FIELDS.contains(name)) {
                faults.add(
                        Texts.shown(name).replace("\"", ""),
                        "unknown field, expected " + String.join(", ", new TreeSet<>(FIELDS)));
            }
        }
        if (models.all().isEmpty()) {
            throw ProblemException.unavailable(
                    "There are no models: name a file with a provider and its models in"
                            + " TAILRACE_ANSWERS_PROVIDERS_FILE of ingest-api and workers, as docs/answers.md shows",
                    RETRY_AFTER,
                    null);
        }
        AnswerModel model = model(body.path("model"), faults);
        List<Message> messages = messages(body.path("messages"), faults);
        uploads(body.path("uploads"), faults);
        int most = model == null ? Integer.MAX_VALUE : model.maxTokens();
        int maxTokens = maxTokens(body.path("max_tokens"), most, faults);
        BigDecimal temperature = temperature(body.path("temperature"), faults);
        faults.throwIfAny();
        long promptBytes = Json.write(messages).length;
        if (promptBytes > maxPromptBytes) {
            throw new ProblemException(
                    ProblemType.PAYLOAD_TOO_LARGE,
                    "messages: " + promptBytes + " bytes of JSON, expected at most " + maxPromptBytes);
        }
        return new AnswerJob(
                owner,
                model == null ? "" : model.name(),
                messages,
                maxTokens,
                temperature,
                promptBytes / BYTES_PER_TOKEN + maxTokens);
    }

    private @Nullable AnswerModel model(JsonNode node, Faults faults) {
        AnswerModel model = node.isTextual() ? models.of(node.textValue()).orElse(null) : null;
        if (model == null) {
            String known = models.all().stream()
                    .map(AnswerModel::name)
                    .limit(MAX_SHOWN)
                    .collect(Collectors.joining(", "));
            faults.add(
                    "model",
                    (node.isTextual() ? Texts.shown(node.textValue()) : found(node)) + ", expected one of " + known);
        }
        return model;
    }

    private static List<Message> messages(JsonNode node, Faults faults) {
        List<Message> messages = new ArrayList<>();
        if (!node.isArray() || node.isEmpty() || node.size() > MAX_MESSAGES) {
            faults.add(
                    "messages",
                    (node.isArray() ? node.size() + " messages" : found(node)) + ", expected an array of 1 to "
                            + MAX_MESSAGES + " messages {role, content}");
            return messages;
        }
        for (int i = 0; i < node.size(); i++) {
            JsonNode role = node.path(i).path("role");
            JsonNode content = node.path(i).path("content");
            String place = "messages[" + i + "]";
            for (Iterator<String> names = node.path(i).fieldNames(); names.hasNext(); ) {
                String name = names.next();
                if (!name.equals("role") && !name.equals("content")) {
                    faults.add(
                            place + "." + Texts.shown(name).replace("\"", ""), "unknown field, expected content, role");
                }
            }
            if (!role.isTextual() || !ROLES.contains(role.textValue())) {
                faults.add(
                        place + ".role",
                        (role.isTextual() ? Texts.shown(role.textValue()) : found(role))
                                + ", expected one of assistant, system, user");
            }
            if (!content.isTextual() || content.textValue().isBlank()) {
                faults.add(place + ".content", found(content) + ", expected a text that is not blank");
            } else if (!StandardCharsets.UTF_8.newEncoder().canEncode(content.textValue())) {
                faults.add(place + ".content", "has half a surrogate pair, expected a text that has a form in UTF-8");
            }
            messages.add(new Message(role.asText(), content.asText()));
        }
        if (messages.stream().noneMatch(message -> message.role().equals("user"))) {
            faults.add("messages", "expected at least one of the role user");
        }
        return messages;
    }

    private static void uploads(JsonNode node, Faults faults) {
        if (!node.isMissingNode() && !node.isNull() && !(node.isArray() && node.isEmpty())) {
            faults.add(
                    "uploads",
                    "is not supported yet, because texts of files are not extracted; expected what the model has to"
                            + " know in the messages");
        }
    }

    private static int maxTokens(JsonNode node, int most, Faults faults) {
        if (node.isMissingNode() || node.isNull()) {
            return most;
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 1 || node.intValue() > most) {
            faults.add("max_tokens", found(node) + ", expected a whole number from 1 to " + most);
            return 1;
        }
        return node.intValue();
    }

    private static @Nullable BigDecimal temperature(JsonNode node, Faults faults) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.isNumber()
                || node.decimalValue().signum() < 0
                || node.decimalValue().compareTo(HOTTEST) > 0) {
            faults.add("temperature", found(node) + ", expected a number from 0 to 2");
            return null;
        }
        return node.decimalValue();
    }

    /** What there is, without repeating what somebody has written. */
    private static String found(JsonNode node) {
        return switch (node.getNodeType()) {
            case MISSING -> "is missing";
            case STRING -> "a text";
            case NUMBER -> Texts.shown(node.toString()).replace("\"", "");
            case BOOLEAN, NULL -> node.toString();
            case ARRAY -> "an array";
            case OBJECT, POJO, BINARY -> "an object";
        };
    }
}
