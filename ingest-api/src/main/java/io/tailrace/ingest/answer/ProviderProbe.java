package io.tailrace.ingest.answer;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.tailrace.kit.answer.AnswerProvider;
import io.tailrace.kit.outbound.OutboundHttp;
import io.tailrace.kit.outbound.OutboundOutcome.Answered;
import io.tailrace.kit.outbound.OutboundOutcome.Failed;
import io.tailrace.kit.outbound.OutboundRequest;
import java.time.Duration;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out whether providers can be reached, each at most once in {@value #KEPT_SECONDS} s. Thread-safe; blocks. */
final class ProviderProbe {
    private static final Logger LOG = LoggerFactory.getLogger(ProviderProbe.class);
    private static final int KEPT_SECONDS = 15;
    private static final int MOST_KEPT = 1_000;
    private static final int KEEP_BYTES = 1_024;
    private static final Duration DEADLINE = Duration.ofSeconds(3);
    private static final String ANTHROPIC_VERSION = "2023-06-01";

    private final OutboundHttp http;
    private final UnaryOperator<@Nullable String> environment;
    private final Cache<String, Reach> known;

    /**
     * What was found.
     *
     * @param reason why it cannot be reached; null if it can
     */
    record Reach(@Nullable String reason) {
        boolean isReachable() {
            return reason == null;
        }
    }

    /**
     * A probe.
     *
     * @param environment the values of variables, with the keys of providers
     * @param ticker says how long something is known
     */
    ProviderProbe(OutboundHttp http, UnaryOperator<@Nullable String> environment, Ticker ticker) {
        this.http = http;
        this.environment = environment;
        this.known = Caffeine.newBuilder()
                .maximumSize(MOST_KEPT)
                .expireAfterWrite(Duration.ofSeconds(KEPT_SECONDS))
                .ticker(ticker)
                .build();
    }

    /** Whether a provider can be reached. */
    Reach reach(AnswerProvider provider) {
        return known.get(provider.name(), _ -> ask(provider));
    }

    private Reach ask(AnswerProvider provider) {
        try {
            return switch (http.send(request(provider))) {
                // It is there, even if it lists no models.
                case Answered answered
                when answered.isSuccess() || answered.status() == 404 || answered.status() == 405 -> new Reach(null);
                case Answered answered -> new Reach("it answers " + answered.status());
                case Failed failed ->
                    new Reach(failed.reason().name().toLowerCase(Locale.ROOT).replace('_', ' '));
            };
        } catch (IllegalStateException e) {
            LOG.warn("{}", e.getMessage());
            return new Reach("it has no key here");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Reach("interrupted");
        }
    }

    private OutboundRequest request(AnswerProvider provider) {
        String key = provider.key(environment);
        OutboundRequest request = OutboundRequest.get("models", provider.url() + "/models")
                .within(DEADLINE)
                .keeping(KEEP_BYTES);
        if (key == null) {
            return request;
        }
        return switch (provider.protocol()) {
            case OPENAI -> request.with("Authorization", "Bearer " + key);
            case ANTHROPIC -> request.with("x-api-key", key).with("anthropic-version", ANTHROPIC_VERSION);
        };
    }
}
