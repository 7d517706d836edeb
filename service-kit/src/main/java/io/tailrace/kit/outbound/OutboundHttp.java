package io.tailrace.kit.outbound;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.kit.outbound.OutboundOutcome.Answered;
import io.tailrace.kit.outbound.OutboundOutcome.Failed;
import io.tailrace.kit.outbound.OutboundOutcome.Reason;
import io.tailrace.kit.outbound.OutboundRequest.Header;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import okhttp3.Credentials;
import okhttp3.Dns;
import okhttp3.HttpUrl;

/**
 * Makes requests to other people's servers. A request ends by its deadline, whatever the server does, but for the time in which the
 * operating system creates a connection's socket. Thread-safe; {@link #send} blocks and is meant for virtual threads.
 */
public final class OutboundHttp implements AutoCloseable {
    private final OutboundBounds bounds;
    private final Surroundings surroundings;
    private final HostGates gates;
    private final Semaphore calls;
    private final OutboundMeters meters;
    private final Exchange exchange;

    /** How to wait. */
    @FunctionalInterface
    public interface Pause {
        /** Returns after so many milliseconds. */
        void forMs(long ms) throws InterruptedException;
    }

    /**
     * What it needs of the world.
     *
     * @param nowMs milliseconds that neither jump nor go back
     * @param pause waits between attempts
     * @param random for the pauses
     * @param clock the time of day, with which a server's {@code Retry-After} is compared
     */
    public record Surroundings(LongSupplier nowMs, Pause pause, RandomGenerator random, InstantSource clock) {}

    /**
     * A client with the names and certificates that the JDK knows.
     *
     * @param guard judges the addresses that people name, and those that a redirect leads to
     */
    public OutboundHttp(OutboundBounds bounds, AddressGuard guard, Surroundings surroundings, MeterRegistry registry) {
        this(bounds, surroundings, registry, new Exchange(bounds, guard, surroundings.clock(), Dns.SYSTEM, null));
    }

    OutboundHttp(OutboundBounds bounds, Surroundings surroundings, MeterRegistry registry, Exchange exchange) {
        this.bounds = bounds;
        this.surroundings = surroundings;
        this.gates = new HostGates(bounds, surroundings.nowMs());
        this.calls = new Semaphore(bounds.maxCalls(), true);
        this.meters = new OutboundMeters(registry, calls, bounds.maxCalls(), gates);
        this.exchange = exchange;
    }

    /**
     * Makes a request, again if it may be repeated and the failure may pass.
     *
     * @return what became of the last attempt
     * @throws InterruptedException if the thread was interrupted; the server may have done what it was asked
     */
    public OutboundOutcome send(OutboundRequest request) throws InterruptedException {
        long startMs = surroundings.nowMs().getAsLong();
        long endMs = startMs + request.deadlineOr(bounds.deadline()).toMillis();
        Retries retries = new Retries(request, bounds, surroundings.random());
        OutboundOutcome outcome = attempt(request, endMs);
        OptionalLong pauseMs = retries.pauseMs(outcome, leftMs(endMs));
        while (pauseMs.isPresent()) {
            surroundings.pause().forMs(pauseMs.getAsLong());
            meters.repeated(request);
            outcome = attempt(request, endMs);
            pauseMs = retries.pauseMs(outcome, leftMs(endMs));
        }
        meters.ended(request, outcome, surroundings.nowMs().getAsLong() - startMs);
        return outcome;
    }

    /**
     * Makes a request once and passes the body of a success on while it arrives. Redirects are not followed. It takes none of the places
     * of requests that end soon: whoever calls this bounds how many there are.
     *
     * @param silence how long the server may say nothing before the first byte of the body
     * @return the answer, without a body if it is a success; it has ended, or the reader wanted no more
     * @throws InterruptedException if the thread was interrupted; then the connection is closed
     */
    public OutboundOutcome stream(OutboundRequest request, Duration silence, BodyReader reader)
            throws InterruptedException {
        long startMs = surroundings.nowMs().getAsLong();
        long withinMs = request.deadlineOr(bounds.deadline()).toMillis();
        HttpUrl url = HttpUrl.parse(request.url());
        if (url == null) {
            return new Failed(Reason.URL_INVALID, "the URL is not one of http or https");
        }
        Exchange.Hop hop =
                new Exchange.Hop(request, url, withCredentials(url, request.headers()), request.isPersonal());
        HostGate gate = gates.of(url, request.isPersonal());
        if (!gate.circuit().tryAcquirePermission()) {
            return new Failed(Reason.CIRCUIT_OPEN, url.host() + ": it failed too often and is left alone");
        }
        AtomicBoolean isNoted = new AtomicBoolean();
        BodyReader noting = (bytes, length) -> {
            // A host that answers is well. Its permission is not held for as long as the body takes, or nobody else has
            // one.
            if (!isNoted.getAndSet(true)) {
                gate.note(new Answered(200, Map.of(), new byte[0], true, Optional.empty()));
            }
            return reader.read(bytes, length);
        };
        OutboundOutcome outcome = new Failed(Reason.BUSY, "interrupted");
        try {
            outcome = exchange.stream(hop, withinMs, silence, noting);
        } finally {
            if (!isNoted.get()) {
                gate.note(outcome);
            }
        }
        meters.ended(request, outcome, surroundings.nowMs().getAsLong() - startMs);
        return outcome;
    }

    /** Once, with the redirects that it follows. */
    private OutboundOutcome attempt(OutboundRequest request, long endMs) throws InterruptedException {
        HttpUrl url = HttpUrl.parse(request.url());
        if (url == null) {
            return new Failed(Reason.URL_INVALID, "the URL is not one of http or https");
        }
        List<Header> headers = request.headers();
        boolean isGuarded = request.isPersonal();
        for (int followed = 0; ; followed++) {
            OutboundOutcome outcome = hop(request, url, headers, isGuarded, endMs);
            if (!(outcome instanceof Answered answered)) {
                return outcome;
            }
            String location = answered.header("location").orElse(null);
            switch (Redirects.step(request, url, answered.status(), location, followed)) {
                case Redirects.Step.Stay stay -> {
                    return answered;
                }
                case Redirects.Step.Refuse refuse -> {
                    return new Failed(Reason.REDIRECT_REFUSED, url.host() + ": " + refuse.why());
                }
                case Redirects.Step.Go go -> {
                    url = go.target();
                    if (!go.isSameOrigin()) {
                        // Wherever the first address came from, this one comes from a stranger.
                        isGuarded = true;
                        headers = Redirects.forAnotherOrigin(headers);
                    }
                }
            }
        }
    }

    private OutboundOutcome hop(
            OutboundRequest request, HttpUrl url, List<Header> headers, boolean isGuarded, long endMs)
            throws InterruptedException {
        HostGate gate = gates.of(url, isGuarded);
        if (!gate.enter(leftMs(endMs))) {
            return new Failed(Reason.BUSY, url.host() + ": too many requests to it are under way");
        }
        try {
            if (!calls.tryAcquire(leftMs(endMs), TimeUnit.MILLISECONDS)) {
                return new Failed(Reason.BUSY, url.host() + ": too many requests are under way");
            }
            try {
                return call(gate, new Exchange.Hop(request, url, withCredentials(url, headers), isGuarded), endMs);
            } finally {
                calls.release();
            }
        } finally {
            gate.leave();
        }
    }

    private OutboundOutcome call(HostGate gate, Exchange.Hop hop, long endMs) throws InterruptedException {
        return guarded(gate, hop.url(), () -> {
            long leftMs = leftMs(endMs);
            return leftMs < 1
                    ? new Failed(Reason.BUSY, hop.url().host() + ": no time was left for an attempt")
                    : exchange.make(hop, leftMs);
        });
    }

    /** One exchange. */
    @FunctionalInterface
    private interface Attempt {
        OutboundOutcome make() throws InterruptedException;
    }

    private static OutboundOutcome guarded(HostGate gate, HttpUrl url, Attempt attempt) throws InterruptedException {
        if (!gate.circuit().tryAcquirePermission()) {
            return new Failed(Reason.CIRCUIT_OPEN, url.host() + ": it failed too often and is left alone");
        }
        // Says nothing about the host if the exchange is interrupted.
        OutboundOutcome outcome = new Failed(Reason.BUSY, "interrupted");
        try {
            outcome = attempt.make();
            return outcome;
        } finally {
            gate.note(outcome);
        }
    }

    private long leftMs(long endMs) {
        return endMs - surroundings.nowMs().getAsLong();
    }

    /** What a URL has before its host is sent as curl sends it. */
    private static List<Header> withCredentials(HttpUrl url, List<Header> headers) {
        boolean hasOwn = headers.stream().anyMatch(header -> header.isNamed("authorization"));
        if (hasOwn || url.encodedUsername().isEmpty() && url.encodedPassword().isEmpty()) {
            return headers;
        }
        Header basic = new Header("Authorization", Credentials.basic(url.username(), url.password()));
        return Stream.concat(headers.stream(), Stream.of(basic)).toList();
    }

    /** Ends the connections that are not used, and the threads. */
    @Override
    public void close() {
        exchange.close();
    }
}
