package io.tailrace.edge.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpHeaders;
import io.tailrace.contracts.access.AccessRules;
import io.tailrace.contracts.access.Grants;
import io.tailrace.contracts.identity.UuidV7;
import io.tailrace.edge.EdgeSettings;
import io.tailrace.edge.control.OpenStreams;
import io.tailrace.edge.loop.EdgeLoops;
import io.tailrace.edge.replay.LastLocator;
import io.tailrace.edge.stream.CloseReason;
import io.tailrace.edge.stream.StreamPlan;
import io.tailrace.kit.http.PageOrigin;
import io.tailrace.kit.limit.ClientAddress;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.TokenSettings;
import io.tailrace.kit.security.TokenVerifier;
import io.tailrace.kit.security.Verification;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** From a request to a stream: reads it, verifies its token, decides, finds where it starts. Thread-safe. */
@Singleton
public final class StreamService {
    private final EdgeSettings settings;
    private final EdgeLoops loops;
    private final TokenVerifier verifier;
    private final LastLocator locator;
    private final MeterRegistry meters;
    private final RequestReader reader;
    private final Admission admission;
    private final HttpResponses responses;
    private final AllowedPages pages;
    private final ConnectionSlots slots;
    private final OpenStreams streams;
    private final ClientAddress addresses;
    private final WriteBufferWaterMark waterMark;
    private final UuidV7 ids = new UuidV7(InstantSource.system(), new SecureRandom());

    /** Who asks, until when, and whether that was revoked. */
    private record Bearer(Grants grants, long expiresAtMs, BooleanSupplier isVoid) {
        private static final Bearer NOBODY = new Bearer(Grants.ANONYMOUS, Long.MAX_VALUE, () -> false);
    }

    StreamService(
            EdgeSettings settings,
            EdgeSettings.Stream stream,
            EdgeLoops loops,
            ConnectionSlots slots,
            OpenStreams streams,
            TokenVerifier verifier,
            TokenSettings tokens,
            AccessRules rules,
            LastLocator locator,
            ClientAddress addresses,
            MeterRegistry meters) {
        this.addresses = addresses;
        this.settings = settings;
        this.loops = loops;
        this.slots = slots;
        this.streams = streams;
        this.verifier = verifier;
        this.locator = locator;
        this.meters = meters;
        this.reader = new RequestReader(settings.maxChannels(), tokens.cookieName());
        this.admission = new Admission(rules);
        this.pages = new AllowedPages(settings.allowedOrigins());
        this.responses = new HttpResponses(pages);
        this.waterMark = new WriteBufferWaterMark(stream.lowWaterBytes(), stream.highWaterBytes());
    }

    /** What becomes of a request. */
    public sealed interface Outcome {}

    /**
     * It gets this stream, if there is still a slot for it.
     *
     * @param subject whose token it has, or null
     * @param isVoid whether its token was revoked since it was granted; to be asked when the stream is among {@link OpenStreams},
     *     where a later revocation finds it
     */
    public record Granted(StreamPlan plan, @Nullable String subject, BooleanSupplier isVoid) implements Outcome {}

    /** It gets none. */
    public record Refused(Refusal refusal) implements Outcome {}

    EdgeSettings settings() {
        return settings;
    }

    HttpResponses responses() {
        return responses;
    }

    /**
     * Decides. Completes at once unless keys or the log have to be read first, and then on another thread.
     *
     * @param webSocket whether the request is for a WebSocket
     * @param address in whose name it is counted, or null
     * @param page where the page is from that sends it; null if there is none
     */
    CompletionStage<Outcome> decide(
            String uri, HttpHeaders headers, boolean webSocket, @Nullable String address, @Nullable PageOrigin page) {
        if (slots.isFull() || slots.isFull(address)) {
            return done(new Refused(full(address)));
        }
        return switch (reader.read(uri, headers, webSocket)) {
            case RequestReader.Unreadable(Refusal refusal) -> done(new Refused(refusal));
            case RequestReader.Readable(StreamRequest request) ->
                webSocket ? ofPage(request, page) : withToken(request, request.token());
        };
    }

    /**
     * Decides about a stream that is asked for by gRPC. Completes as the other one.
     *
     * @param start as the parameter of that name; empty for the default of each namespace
     * @param cursor the last one that the client has; empty if it is new
     * @param jwt the token; null if there is none
     * @param address in whose name it is counted, or null
     */
    public CompletionStage<Outcome> decide(
            List<String> channels,
            String start,
            String cursor,
            int heartbeatSeconds,
            @Nullable String jwt,
            @Nullable String address) {
        if (slots.isFull() || slots.isFull(address)) {
            return done(new Refused(full(address)));
        }
        return switch (reader.read(channels, start, cursor, heartbeatSeconds, jwt)) {
            case RequestReader.Unreadable(Refusal refusal) -> done(new Refused(refusal));
            case RequestReader.Readable(StreamRequest request) -> withToken(request, request.token());
        };
    }

    /** Takes a slot for a stream; false if there is none. */
    public boolean take(SlotHolder holder) {
        if (!slots.take(holder)) {
            return false;
        }
        SlotHolder surplus = slots.surplus();
        if (surplus != null) {
            surplus.closeAsOldest();
        }
        return true;
    }

    /** The holder of a slot is gone. */
    public void release(SlotHolder holder) {
        slots.release(holder);
    }

    /**
     * What keeps a page of another origin from reading a stream of SSE does not hold for a WebSocket, and a browser sends its
     * cookies with it. A token that the request itself carries is the page's own, and lets it in wherever it is from.
     */
    private CompletionStage<Outcome> ofPage(StreamRequest request, @Nullable PageOrigin page) {
        StreamRequest.Token token = request.token();
        if (token != null && !token.optional()) {
            return withToken(request, token);
        }
        return switch (pages.webSocket(page)) {
            case FULL -> withToken(request, token);
            case WITHOUT_COOKIE -> withToken(request, null);
            case NONE ->
                done(new Refused(Refusal.of(
                        ProblemType.FORBIDDEN,
                        "A page of another origin may not use the cookie. "
                                + (page == null ? "" : page.explanation())
                                + " Other origins are listed in TAILRACE_EDGE_ALLOWED_ORIGINS, or send a token in the"
                                + " request.")));
        };
    }

    private CompletionStage<Outcome> withToken(StreamRequest request, StreamRequest.@Nullable Token token) {
        return token == null
                ? admit(request, Bearer.NOBODY)
                : verifier.verifyOrRefresh(token.jwt())
                        .thenCompose(verification -> verified(request, token, verification));
    }

    /** A connection with a slot, ready to take over its pipeline; null if there is no slot. */
    @Nullable
    StreamConnection connection(Channel channel, Framing framing, @Nullable String address) {
        StreamConnection connection = new StreamConnection(
                channel, loops.of(channel.eventLoop()), slots, streams, settings, waterMark.high(), framing, address);
        if (!take(connection)) {
            return null;
        }
        channel.config().setWriteBufferWaterMark(waterMark);
        return connection;
    }

    /** In whose name a request is counted; null if in nobody's. */
    @Nullable
    String address(Channel channel, HttpHeaders headers) {
        return addresses.counted(channel.remoteAddress(), headers.getAll("X-Forwarded-For"));
    }

    /** Where the page is from that sends a request; null if none does. */
    @Nullable
    PageOrigin page(Channel channel, HttpHeaders headers) {
        return PageOrigin.of(headers::get, addresses.isTrustedProxy(channel.remoteAddress()));
    }

    /** The refusal of one stream too many, of all or of one address. */
    public Refusal full(@Nullable String address) {
        if (!slots.isFull() && slots.isFull(address)) {
            return Refusal.passing(
                    ProblemType.TOO_MANY_STREAMS,
                    "your address has " + settings.maxConnectionsPerAddress() + " streams, as many as one may have",
                    pause("too_many_streams"));
        }
        return slots.isDraining()
                ? Refusal.passing(
                        ProblemType.UNAVAILABLE,
                        "this edge shuts down, another takes over",
                        pause(CloseReason.DRAINING.text()))
                : Refusal.passing(
                        ProblemType.TOO_MANY_CONNECTIONS,
                        "this edge holds " + settings.maxConnections() + " streams, as many as it may",
                        pause(CloseReason.OVERLOADED.text()));
    }

    /**
     * Counts a refusal.
     *
     * @param asEvent whether it is told by an event, and not by its status
     */
    public void refused(Refusal refusal, boolean asEvent) {
        String type = refusal.problem().type();
        String reason = type.substring(type.lastIndexOf('/') + 1);
        meters.counter("tailrace.edge.refused", "reason", reason, "told", asEvent ? "event" : "status")
                .increment();
    }

    private CompletionStage<Outcome> verified(
            StreamRequest request, StreamRequest.Token token, Verification verification) {
        return switch (verification) {
            case Verification.Valid(Grants grants, Instant expiresAt, var tokenId) ->
                admit(
                        request,
                        new Bearer(
                                grants,
                                expiresAt.toEpochMilli(),
                                () -> verifier.isVoid(token.jwt(), grants.subject())));
            case Verification.Invalid(Verification.Reason reason) -> {
                Refusal refusal = reason == Verification.Reason.KEYS_UNAVAILABLE
                        ? unavailable(reason.description())
                        : Refusal.unauthorized(reason.description(), true);
                yield token.optional() ? admitWithout(request, refusal) : done(new Refused(refusal));
            }
        };
    }

    /** A browser sends an old cookie unasked: what is public stays public for it. */
    private CompletionStage<Outcome> admitWithout(StreamRequest request, Refusal fault) {
        return admit(request, Bearer.NOBODY)
                .thenApply(outcome -> outcome instanceof Refused(Refusal refusal)
                                && refusal.problem().status() == ProblemType.UNAUTHORIZED.status()
                        ? new Refused(fault)
                        : outcome);
    }

    private CompletionStage<Outcome> admit(StreamRequest request, Bearer bearer) {
        return switch (admission.decide(request, bearer.grants())) {
            case Admission.Refused(Refusal refusal) -> done(new Refused(refusal));
            case Admission.Admitted admitted when admitted.last().isEmpty() -> done(granted(request, bearer, admitted));
            case Admission.Admitted admitted ->
                locator.locate(admitted.channels(), admitted.last())
                        .handle((channels, fault) -> channels == null
                                ? new Refused(unavailable("the log can't be read to find the last events"))
                                : granted(
                                        request,
                                        bearer,
                                        new Admission.Admitted(
                                                channels,
                                                admitted.last(),
                                                admitted.resumed(),
                                                admitted.unusableCursor())));
        };
    }

    private Outcome granted(StreamRequest request, Bearer bearer, Admission.Admitted admitted) {
        StreamPlan plan = new StreamPlan(
                ids.next().toString(),
                request.mode(),
                admitted.channels(),
                admitted.resumed(),
                admitted.unusableCursor(),
                bearer.expiresAtMs(),
                TimeUnit.SECONDS.toMillis(request.heartbeatSeconds()));
        return new Granted(plan, bearer.grants().subject(), bearer.isVoid());
    }

    private Refusal unavailable(String detail) {
        return Refusal.passing(ProblemType.UNAVAILABLE, detail, pause("unavailable"));
    }

    private Refusal.Pause pause(String reason) {
        return new Refusal.Pause(reason, slots.retryAfterSeconds());
    }

    private static CompletionStage<Outcome> done(Outcome outcome) {
        return CompletableFuture.completedFuture(outcome);
    }
}
