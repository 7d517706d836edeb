package io.tailrace.workers.answer;

import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.kit.answer.AnswerModel;
import io.tailrace.kit.answer.AnswerModels;
import io.tailrace.kit.answer.AnswersSettings;
import io.tailrace.kit.job.JobContext;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.JobHandler;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.outbound.OutboundHttp;
import io.tailrace.kit.time.MonotonicTime;
import io.tailrace.workers.answer.CallOutcome.BrokenOff;
import io.tailrace.workers.answer.CallOutcome.Call;
import io.tailrace.workers.answer.CallOutcome.Completed;
import io.tailrace.workers.answer.CallOutcome.Fault;
import io.tailrace.workers.answer.CallOutcome.NotBegun;
import io.tailrace.workers.answer.CallOutcome.Tokens;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a model and writes its answer to {@code answer:{owner}:{id}} while it comes. A model is asked again, and its fallbacks are, only until
 * the first token: what people have read is not taken back, but when a worker vanishes or the log does not take the answer. Then the next
 * attempt says by {@code answer_started} that the answer begins anew. Thread-safe; blocks.
 */
final class AnswerHandler implements JobHandler<AnswerPayload> {
    /** A result may have 65,536 bytes, with what is not text. */
    private static final int MOST_KEPT = 60_000;

    private static final Logger LOG = LoggerFactory.getLogger(AnswerHandler.class);

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final AnswerModels models;
    private final AnswersSettings settings;
    private final OutboundHttp http;
    private final Producer<byte[], byte[]> producer;
    private final Namespaces namespaces;
    private final UnaryOperator<@Nullable String> environment;
    private final InstantSource clock;

    /**
     * A handler.
     *
     * @param producer appends to channels; whoever made it closes it
     * @param environment the values of variables, with the keys of providers
     */
    AnswerHandler(
            AnswerModels models,
            AnswersSettings settings,
            OutboundHttp http,
            Producer<byte[], byte[]> producer,
            Namespaces namespaces,
            UnaryOperator<@Nullable String> environment,
            InstantSource clock) {
        this.models = models;
        this.settings = settings;
        this.http = http;
        this.producer = producer;
        this.namespaces = namespaces;
        this.environment = environment;
        this.clock = clock;
    }

    @Override
    public String type() {
        return "answer";
    }

    @Override
    public Class<AnswerPayload> payload() {
        return AnswerPayload.class;
    }

    @Override
    public AnswerResult run(AnswerPayload ask, JobContext context) throws JobFailure, InterruptedException {
        AnswerChannel channel = new AnswerChannel(producer, namespaces, ask.ownerId(), context, clock);
        try {
            return answer(ask, context, channel);
        } catch (InterruptedException e) {
            if (context.isCancelled()) {
                channel.writeCancelled();
            }
            throw e;
        } catch (RuntimeException e) {
            if (context.attempt() < settings.attempts()) {
                throw e;
            }
            context.log().warn("The answer failed", e);
            throw end(channel, "internal", "The answer failed by a fault of the server");
        }
    }

    private AnswerResult answer(AnswerPayload ask, JobContext context, AnswerChannel channel)
            throws JobFailure, InterruptedException {
        channel.write(EventTypes.ANSWER_STARTED, Map.of("model", ask.model()));
        if (context.attempt() > settings.attempts()) {
            throw end(channel, "attempts_exhausted", "No worker lived long enough to end the answer");
        }
        // The time is that of the answer, and not of each model that is asked.
        long endMs = MonotonicTime.nowMs() + settings.deadline().toMillis();
        NotBegun why = null;
        for (AnswerModel model : candidates(ask.model())) {
            DeltaPump pump =
                    new DeltaPump(channel, new DeltaBatch(settings.batch().toMillis()));
            CallOutcome outcome;
            try {
                outcome = ask(model, ask, pump, channel, endMs);
                pump.drain();
            } finally {
                pump.drop();
            }
            if (channel.failure() != null) {
                throw unwritten(channel);
            }
            switch (outcome) {
                case Completed completed -> {
                    return completed(completed, model, channel);
                }
                case BrokenOff brokenOff -> throw end(channel, brokenOff.type(), brokenOff.message());
                case NotBegun notBegun -> {
                    // Without the message, which can have parts of the question: these lines are kept.
                    context.log().info("{}: {}", model.name(), notBegun.type());
                    if (MonotonicTime.nowMs() >= endMs) {
                        Fault late = ProviderPatience.tookTooLong(settings);
                        throw end(channel, late.type(), late.message());
                    }
                    // What may pass for one of them may pass for the answer.
                    why = why == null || why.isLasting() && !notBegun.isLasting() ? notBegun : why;
                }
            }
        }
        if (why == null) {
            throw end(channel, "unknown_model", "There is no model " + ask.model() + " any more");
        }
        throw notBegun(why, context, channel);
    }

    /** The model and its fallbacks. */
    private List<AnswerModel> candidates(String name) {
        List<AnswerModel> candidates = new ArrayList<>();
        models.of(name).ifPresent(model -> {
            candidates.add(model);
            model.fallbacks().forEach(fallback -> models.of(fallback).ifPresent(candidates::add));
        });
        return candidates;
    }

    private CallOutcome ask(AnswerModel model, AnswerPayload ask, DeltaPump pump, AnswerChannel channel, long endMs)
            throws InterruptedException {
        String key;
        try {
            key = model.provider().key(environment);
        } catch (IllegalStateException e) {
            LOG.warn("{}", e.getMessage());
            return new NotBegun(
                    "not_configured", "The provider of the model " + model.name() + " has no key here", true, null);
        }
        ProviderPatience patience = new ProviderPatience(settings, MonotonicTime.nowMs(), endMs);
        ProviderCall call = new ProviderCall(
                settings,
                patience,
                ChunkDecoder.of(model.provider().protocol()),
                pump,
                () -> channel.failure() != null);
        return call.ask(http, ProviderRequest.of(model, ask, key, patience.deadline()));
    }

    private AnswerResult completed(Completed answer, AnswerModel model, AnswerChannel channel)
            throws JobFailure, InterruptedException {
        for (Call call : answer.toolCalls()) {
            Map<String, Object> data = new LinkedHashMap<>();
            data.put("index", call.index());
            data.put("id", call.id());
            data.put("name", call.name());
            data.put("arguments", call.arguments());
            channel.write(EventTypes.ANSWER_TOOL_CALL, data);
        }
        // An end must not stand where something before it is missing.
        if (!channel.awaitWritten()) {
            throw unwritten(channel);
        }
        Tokens tokens = answer.usage();
        AnswerResult.Usage usage = tokens == null
                ? null
                : new AnswerResult.Usage(
                        tokens.input(),
                        tokens.output(),
                        tokens.input() + tokens.output(),
                        model.cost(tokens.input(), tokens.output()));
        if (usage != null) {
            channel.write(EventTypes.ANSWER_USAGE, Map.of("usage", usage));
        }
        Map<String, Object> end = new LinkedHashMap<>();
        end.put("model", model.name());
        end.put("finish_reason", answer.finishReason());
        end.put("usage", usage);
        channel.write(EventTypes.ANSWER_COMPLETED, end);
        if (!channel.awaitWritten()) {
            throw unwritten(channel);
        }
        boolean isShort = Json.write(answer.text()).length <= MOST_KEPT;
        return new AnswerResult(model.name(), answer.finishReason(), isShort ? answer.text() : null, usage);
    }

    private JobFailure notBegun(NotBegun why, JobContext context, AnswerChannel channel) throws InterruptedException {
        if (why.isLasting() || context.attempt() >= settings.attempts()) {
            return end(channel, why.type(), why.message());
        }
        Duration wish = why.retryAfter();
        if (wish == null) {
            return JobFailure.passing(why.type(), why.message(), null);
        }
        return JobFailure.passingAfter(
                wish.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wish, why.type(), why.message());
    }

    /** Tells that there will be no answer, or no more of it. */
    private static JobFailure end(AnswerChannel channel, String reason, String message) throws InterruptedException {
        if (!channel.awaitWritten()) {
            return unwritten(channel);
        }
        channel.write(EventTypes.ANSWER_FAILED, Map.of("reason", reason, "detail", message));
        return channel.awaitWritten() ? JobFailure.lasting(reason, message, null) : unwritten(channel);
    }

    private static JobFailure unwritten(AnswerChannel channel) {
        Exception failure = channel.failure();
        if (failure instanceof RecordTooLargeException
                || failure != null && failure.getCause() instanceof RecordTooLargeException) {
            // The next attempt would come to the same place, and the provider would be paid again.
            return JobFailure.lasting("log_refused", "A part of the answer is too large for the log", failure);
        }
        return JobFailure.passing("log_unavailable", "The log did not take the answer in time", failure);
    }
}
