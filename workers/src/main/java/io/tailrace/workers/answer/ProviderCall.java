package io.tailrace.workers.answer;

import io.tailrace.contracts.text.Excerpt;
import io.tailrace.kit.answer.AnswersSettings;
import io.tailrace.kit.outbound.OutboundHttp;
import io.tailrace.kit.outbound.OutboundOutcome;
import io.tailrace.kit.outbound.OutboundOutcome.Answered;
import io.tailrace.kit.outbound.OutboundOutcome.Failed;
import io.tailrace.kit.outbound.OutboundRequest;
import io.tailrace.kit.time.MonotonicTime;
import io.tailrace.workers.answer.CallOutcome.BrokenOff;
import io.tailrace.workers.answer.CallOutcome.Completed;
import io.tailrace.workers.answer.CallOutcome.Fault;
import io.tailrace.workers.answer.CallOutcome.NotBegun;
import io.tailrace.workers.answer.CallOutcome.Tokens;
import io.tailrace.workers.answer.DeltaBatch.Kind;
import io.tailrace.workers.answer.SseDecoder.SseEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Asks one model once and passes on what it says. For one thread. */
final class ProviderCall {
    private static final int SHOWN = 300;

    private static final String EVENTS = "text/event-stream";

    /** How much of the beginning of a body is kept, for one that is no stream of events. */
    private static final int HEAD_BYTES = 4_096;

    /** How long the end of a body is waited for whose answer is whole, so that its connection can be used again. */
    private static final Duration END = Duration.ofSeconds(1);

    /** When a host that is left alone is asked again. */
    private static final Duration CIRCUIT = Duration.ofSeconds(30);

    /** How long the usage is waited for when the text is whole. */
    private static final Duration REST = Duration.ofSeconds(2);

    private final AnswersSettings settings;
    private final ChunkDecoder chunks;
    private final DeltaPump pump;
    private final BooleanSupplier isUnwritten;
    private final SseDecoder events = new SseDecoder();
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private final AnswerToolCalls calls = new AnswerToolCalls();
    private final ProviderPatience patience;
    private boolean isTooLong;
    private boolean hasEnded;
    private long finishMs;
    private long bytes;
    private long inputTokens = -1;
    private long outputTokens = -1;
    private @Nullable String finish;
    private @Nullable Fault fault;

    /**
     * A call.
     *
     * @param patience how long it may take, from now
     * @param pump takes the text
     * @param isUnwritten whether the log does not take what is said, so that nothing more is wanted
     */
    ProviderCall(
            AnswersSettings settings,
            ProviderPatience patience,
            ChunkDecoder chunks,
            DeltaPump pump,
            BooleanSupplier isUnwritten) {
        this.settings = settings;
        this.patience = patience;
        this.chunks = chunks;
        this.pump = pump;
        this.isUnwritten = isUnwritten;
    }

    /**
     * Asks.
     *
     * @throws InterruptedException if the thread was interrupted; then the provider's connection is closed
     */
    CallOutcome ask(OutboundHttp http, OutboundRequest request) throws InterruptedException {
        OutboundOutcome outcome = http.stream(request, settings.firstTokenTimeout(), this::read);
        // Whoever has said why the answer ends has said all of it, whatever comes behind it.
        if ((hasEnded || finish != null) && !isTooLong) {
            return completed();
        }
        if (fault != null) {
            return failed(fault.type(), hidden(fault.message(), request), fault.isLasting(), null);
        }
        return switch (outcome) {
            case Answered answered when answered.isSuccess() -> incomplete(answered, request);
            case Answered answered -> refused(answered, request);
            case Failed failed -> failed(failed);
        };
    }

    private Optional<Duration> read(byte[] chunk, int length) {
        if (isUnwritten.getAsBoolean()) {
            return Optional.empty();
        }
        head.write(chunk, 0, Math.min(length, HEAD_BYTES - head.size()));
        List<SseEvent> complete = new ArrayList<>();
        try {
            events.read(chunk, length, complete::add);
            for (SseEvent event : complete) {
                for (AnswerPart part : chunks.read(event)) {
                    take(part);
                }
            }
        } catch (MalformedAnswerException e) {
            fault = new Fault("provider_malformed", "The provider's answer is malformed: " + e.getMessage(), false);
        }
        if (fault != null) {
            return Optional.empty();
        }
        return hasEnded ? Optional.of(END) : silence();
    }

    /** How long the provider may say nothing; empty if it has taken too long already. */
    private Optional<Duration> silence() {
        long nowMs = MonotonicTime.nowMs();
        // The usage follows at once, if at all.
        long leftMs = finish == null ? patience.leftMs(nowMs) : finishMs + REST.toMillis() - nowMs;
        if (leftMs > 0) {
            return Optional.of(Duration.ofMillis(leftMs));
        }
        if (finish == null) {
            fault = patience.timedOut(nowMs);
        }
        return Optional.empty();
    }

    private void take(AnswerPart part) {
        switch (part) {
            case AnswerPart.Text(String more) -> {
                token(more);
                text.append(more);
                pump.add(Kind.TEXT, more);
            }
            case AnswerPart.Reasoning(String more) -> {
                token(more);
                pump.add(Kind.REASONING, more);
            }
            case AnswerPart.ToolCall call -> {
                if (call.id() != null
                        || call.name() != null
                        || !call.arguments().isEmpty()) {
                    token(call.arguments());
                }
                if (!calls.add(call)) {
                    tooLong(AnswerToolCalls.MOST + " calls of tools, or " + AnswerToolCalls.MOST_BYTES
                            + " bytes of them");
                }
            }
            case AnswerPart.Usage(long input, long output) -> {
                inputTokens = input < 0 ? inputTokens : input;
                outputTokens = output < 0 ? outputTokens : output;
            }
            case AnswerPart.Finish(String reason) -> {
                finish = reason.matches("[a-z_]{1,64}") ? reason : "unknown";
                finishMs = MonotonicTime.nowMs();
            }
            case AnswerPart.End() -> hasEnded = true;
            case AnswerPart.Fault(String message) ->
                fault = new Fault("provider_failed", "The provider failed: " + message, false);
        }
    }

    private void token(String more) {
        patience.token(MonotonicTime.nowMs());
        bytes += more.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > settings.maxAnswerBytes()) {
            tooLong(settings.maxAnswerBytes() + " bytes");
        }
    }

    private void tooLong(String bound) {
        isTooLong = true;
        fault = new Fault("answer_too_long", "The answer has more than " + bound, true);
    }

    private CallOutcome completed() {
        Tokens usage = inputTokens < 0 || outputTokens < 0 ? null : new Tokens(inputTokens, outputTokens);
        return new Completed(
                DeltaBatch.whole(text.toString()), finish == null ? "unknown" : finish, calls.all(), usage);
    }

    private CallOutcome failed(String type, String message, boolean isLasting, @Nullable Duration retryAfter) {
        return patience.hasBegun() ? new BrokenOff(type, message) : new NotBegun(type, message, isLasting, retryAfter);
    }

    private CallOutcome failed(Failed failed) {
        return switch (failed.reason()) {
            case TIMED_OUT -> {
                Fault late = patience.timedOut(MonotonicTime.nowMs());
                yield failed(late.type(), late.message(), late.isLasting(), null);
            }
            case URL_INVALID, ADDRESS_REFUSED, REDIRECT_REFUSED, TLS_FAILED, ANSWER_TOO_LARGE ->
                failed(type(failed), "The provider could not be asked: " + name(failed), true, null);
            case CIRCUIT_OPEN -> failed(type(failed), "The provider gave no answer: " + name(failed), false, CIRCUIT);
            case NAME_NOT_RESOLVED, NOT_CONNECTED, BROKEN, BUSY ->
                failed(type(failed), "The provider gave no answer: " + name(failed), false, null);
        };
    }

    private static String type(Failed failed) {
        return "provider_" + failed.reason().name().toLowerCase(Locale.ROOT);
    }

    private static String name(Failed failed) {
        return failed.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** The body of a success has ended, and the answer has not. */
    private CallOutcome incomplete(Answered answered, OutboundRequest request) {
        String type = answered.header("content-type").orElse(EVENTS).toLowerCase(Locale.ROOT);
        if (patience.hasBegun() || type.contains(EVENTS)) {
            return failed("provider_incomplete", "The provider's answer ended before it was whole", false, null);
        }
        String shown = shown(head.toByteArray(), request);
        return failed(
                "provider_no_stream",
                "The provider's answer is not a stream of events" + (shown.isEmpty() ? "" : ": " + shown),
                true,
                null);
    }

    /** The beginning of a body on one line, without secrets. */
    private static String shown(byte[] body, OutboundRequest request) {
        String text = hidden(new String(body, StandardCharsets.UTF_8), request);
        return Excerpt.of(text.replaceAll("\\p{Cntrl}+", " ").strip(), SHOWN);
    }

    private static String hidden(String text, OutboundRequest request) {
        String hidden = text;
        for (String secret : request.secrets()) {
            hidden = hidden.replace(secret, "REDACTED");
        }
        return hidden;
    }

    private CallOutcome refused(Answered answered, OutboundRequest request) {
        int status = answered.status();
        boolean mayPass = status == 408 || status == 425 || status == 429 || status >= 500;
        if (status == 401 || status == 403) {
            // What it says can have parts of the key, and is for whoever runs the installation.
            return failed("provider_" + status, "The provider refused the key of this installation", true, null);
        }
        String shown = shown(answered.body(), request);
        return failed(
                "provider_" + status,
                "The provider answered " + status + (shown.isEmpty() ? "" : ": " + shown),
                !mayPass,
                answered.retryAfter().orElse(null));
    }
}
