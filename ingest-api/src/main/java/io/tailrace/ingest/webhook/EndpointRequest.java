package io.tailrace.ingest.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.job.PayloadRule;
import io.tailrace.contracts.webhook.EventPattern;
import io.tailrace.contracts.webhook.WebhookSecret;
import io.tailrace.ingest.input.Faults;
import io.tailrace.ingest.input.Texts;
import io.tailrace.kit.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a request wants of an endpoint; null for what it does not say. Pure; every fault is told at once.
 *
 * @param url where it is
 * @param events patterns with commas between them
 * @param state {@code enabled} or {@code disabled}
 * @param secret what its webhooks are signed with
 * @param graceSeconds how long the secret before that is used as well
 */
record EndpointRequest(
        @Nullable String url,
        @Nullable String events,
        @Nullable String state,
        @Nullable WebhookSecret secret,
        @Nullable Long graceSeconds) {
    private static final Set<String> NEW = Set.of("url", "events", "secret");
    private static final Set<String> CHANGE = Set.of("url", "events", "state");
    private static final Set<String> ROTATION = Set.of("secret", "grace_seconds");
    private static final PayloadRule URL = PayloadRule.parse("url");

    /**
     * A new endpoint: a URL, patterns, and perhaps a secret.
     *
     * @throws ProblemException 400 with every fault
     */
    static EndpointRequest toRegister(JsonNode body, EndpointSettings settings) {
        return read(body, NEW, Set.of("url", "events"), settings);
    }

    /**
     * A change of an endpoint.
     *
     * @throws ProblemException 400 with every fault
     */
    static EndpointRequest toChange(JsonNode body, EndpointSettings settings) {
        return read(body, CHANGE, Set.of(), settings);
    }

    /**
     * Another secret of an endpoint.
     *
     * @throws ProblemException 400 with every fault
     */
    static EndpointRequest toRotate(JsonNode body, EndpointSettings settings) {
        return read(body, ROTATION, Set.of(), settings);
    }

    private static EndpointRequest read(
            JsonNode body, Set<String> fields, Set<String> needed, EndpointSettings settings) {
        if (!body.isObject()) {
            throw ProblemException.invalid("body", "expected an object with " + listed(fields));
        }
        Faults faults = new Faults();
        for (Iterator<String> names = body.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!fields.contains(name)) {
                faults.add(Texts.shown(name).replace("\"", ""), "unknown field, expected " + listed(fields));
            }
        }
        for (String name : new TreeSet<>(needed)) {
            if (!body.hasNonNull(name)) {
                faults.add(name, "is missing");
            }
        }
        EndpointRequest request = new EndpointRequest(
                url(body.get("url"), faults),
                events(body.get("events"), settings.maxEvents(), faults),
                state(body.get("state"), faults),
                secret(body.get("secret"), faults),
                graceSeconds(body.get("grace_seconds"), faults));
        faults.throwIfAny();
        return request;
    }

    private static String listed(Set<String> fields) {
        return String.join(", ", new TreeSet<>(fields));
    }

    private static @Nullable String url(@Nullable JsonNode node, Faults faults) {
        if (node == null || node.isNull()) {
            return null;
        }
        String text = node.isTextual() ? node.textValue() : "";
        faults.add(
                "url",
                URL.fault(text) == null
                        ? null
                        : "expected an address of http or https with a host, without a user, of at most 2000"
                                + " characters");
        return text;
    }

    private static @Nullable String events(@Nullable JsonNode node, int most, Faults faults) {
        if (node == null || node.isNull()) {
            return null;
        }
        if (!node.isArray() || node.isEmpty() || node.size() > most) {
            faults.add("events", "expected an array of 1 to " + most + " patterns, for example [\"user.*\"]");
            return null;
        }
        List<String> patterns = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            try {
                patterns.add(
                        new EventPattern(node.get(i).isTextual() ? node.get(i).textValue() : "").text());
            } catch (IllegalArgumentException e) {
                faults.add("events[" + i + "]", e.getMessage());
            }
        }
        return String.join(",", patterns);
    }

    private static @Nullable String state(@Nullable JsonNode node, Faults faults) {
        if (node == null || node.isNull()) {
            return null;
        }
        String text = node.asText();
        faults.add(
                "state",
                text.equals("enabled") || text.equals("disabled")
                        ? null
                        : Texts.shown(text) + ", expected enabled or disabled");
        return text;
    }

    private static @Nullable WebhookSecret secret(@Nullable JsonNode node, Faults faults) {
        if (node == null || node.isNull()) {
            return null;
        }
        try {
            return new WebhookSecret(node.isTextual() ? node.textValue() : "");
        } catch (IllegalArgumentException e) {
            faults.add("secret", e.getMessage());
            return null;
        }
    }

    private static @Nullable Long graceSeconds(@Nullable JsonNode node, Faults faults) {
        if (node == null || node.isNull()) {
            return null;
        }
        Duration longest = EndpointSettings.LONGEST_ROTATION;
        boolean fits = node.isIntegralNumber()
                && node.canConvertToLong()
                && node.longValue() >= 0
                && node.longValue() <= longest.toSeconds();
        faults.add("grace_seconds", fits ? null : "expected a whole number from 0 to " + longest.toSeconds());
        return node.longValue();
    }
}
