package io.tailrace.kit.outbound;

import io.tailrace.kit.outbound.OutboundOutcome.Answered;
import io.tailrace.kit.outbound.OutboundOutcome.Failed;
import io.tailrace.kit.outbound.OutboundOutcome.Reason;
import io.tailrace.kit.outbound.OutboundRequest.Header;
import io.tailrace.kit.time.MonotonicTime;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSink;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its answer, by OkHttp. There is a client for addresses of settings and a guarded one for those that people have
 * named; they share no connection, or a guarded request could use one to a private address. Thread-safe; blocks.
 */
final class Exchange implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutboundHttp.class);
    private static final String AGENT = "tailrace";
    private static final int IDLE_CONNECTIONS = 32;
    private static final int IDLE_MINUTES = 1;

    /** The most bytes of a body that are passed on at a time. */
    private static final int CHUNK = 8_192;

    /** How deep the causes of a failure are looked through. */
    private static final int MAX_CAUSES = 64;

    private final OutboundBounds bounds;
    private final InstantSource clock;
    private final BoundedDns names;
    private final OkHttpClient open;
    private final OkHttpClient guarded;

    /**
     * One hop of a request.
     *
     * @param request what is asked
     * @param url where this hop goes
     * @param headers what this hop has
     * @param isGuarded whether the address must be one of the public internet
     */
    record Hop(OutboundRequest request, HttpUrl url, List<Header> headers, boolean isGuarded) {}

    /**
     * How servers are trusted, if not by the certificates of the JDK.
     *
     * @param sockets make TLS connections
     * @param trust says whom to trust
     */
    record Tls(SSLSocketFactory sockets, X509TrustManager trust) {}

    Exchange(OutboundBounds bounds, AddressGuard guard, InstantSource clock, Dns resolver, @Nullable Tls tls) {
        this.bounds = bounds;
        this.clock = clock;
        this.names = new BoundedDns(resolver, bounds.dnsTimeout(), bounds.maxCalls());
        OkHttpClient.Builder builder = new OkHttpClient.Builder()
                // A proxy would be connected to in place of the server, and its answer to a name is not ours to look
                // at.
                .proxy(Proxy.NO_PROXY)
                .followRedirects(false)
                .followSslRedirects(false)
                // It would repeat what may not be repeated, unseen.
                .retryOnConnectionFailure(false)
                .connectTimeout(bounds.connectTimeout())
                .readTimeout(bounds.readTimeout())
                .writeTimeout(bounds.readTimeout());
        if (tls != null) {
            builder.sslSocketFactory(tls.sockets(), tls.trust());
        }
        OkHttpClient common = builder.build();
        this.open = common.newBuilder().dns(names).connectionPool(pool()).build();
        this.guarded = common.newBuilder()
                .dns(new GuardedDns(names, guard))
                .socketFactory(new GuardedSockets(guard))
                .connectionPool(pool())
                .build();
    }

    private static ConnectionPool pool() {
        return new ConnectionPool(IDLE_CONNECTIONS, IDLE_MINUTES, TimeUnit.MINUTES);
    }

    /**
     * Makes it.
     *
     * @param withinMs the deadline, at least 1
     */
    OutboundOutcome make(Hop hop, long withinMs) throws InterruptedException {
        return make(hop, withinMs, bounds.readTimeout(), response -> answer(hop.request(), response));
    }

    /**
     * Makes it, and passes the body of a success on while it arrives.
     *
     * @param withinMs the deadline, at least 1
     * @param silence how long the server may say nothing before the first byte of the body
     */
    OutboundOutcome stream(Hop hop, long withinMs, Duration silence, BodyReader reader) throws InterruptedException {
        long firstByteMs = MonotonicTime.nowMs() + silence.toMillis();
        return make(
                hop,
                withinMs,
                silence,
                response -> response.isSuccessful()
                        ? passedOn(response, firstByteMs, reader)
                        : answer(hop.request(), response));
    }

    /** Makes an outcome of a response. */
    @FunctionalInterface
    private interface Reading {
        OutboundOutcome of(Response response) throws IOException, InterruptedException;
    }

    private OutboundOutcome make(Hop hop, long withinMs, Duration silence, Reading reading)
            throws InterruptedException {
        Request request = request(hop);
        if (LOG.isDebugEnabled()) {
            LOG.debug("{}", CurlLine.of(hop.request(), hop.url(), sent(hop), bounds.logBodyCharacters()));
        }
        OkHttpClient client = (hop.isGuarded() ? guarded : open)
                .newBuilder()
                .callTimeout(Duration.ofMillis(withinMs))
                .readTimeout(silence)
                .build();
        OutboundOutcome outcome;
        try (Response response = client.newCall(request).execute()) {
            outcome = reading.of(response);
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw interrupted(e);
            }
            outcome = failed(hop.url(), e);
        }
        LOG.debug("{} {}: {}", hop.request().method(), hop.url().host(), shown(outcome));
        return outcome;
    }

    private static InterruptedException interrupted(IOException cause) {
        InterruptedException interrupted = new InterruptedException("interrupted in an outbound request");
        interrupted.initCause(cause);
        return interrupted;
    }

    private static List<Header> sent(Hop hop) {
        boolean hasAgent = hop.headers().stream().anyMatch(header -> header.isNamed("user-agent"));
        return hasAgent
                ? hop.headers()
                : Stream.concat(hop.headers().stream(), Stream.of(new Header("User-Agent", AGENT)))
                        .toList();
    }

    private static Request request(Hop hop) {
        Request.Builder builder = new Request.Builder().url(hop.url());
        sent(hop).forEach(header -> builder.addHeader(header.name(), header.value()));
        OutboundRequest request = hop.request();
        return builder.method(request.method(), request.isSafe() ? null : new Once(request.body()))
                .build();
    }

    private OutboundOutcome answer(OutboundRequest request, Response response) throws IOException {
        boolean keeps = request.keepBytes() > 0;
        int most = keeps ? Math.min(request.keepBytes(), bounds.maxBodyBytes()) : bounds.maxBodyBytes();
        Buffer read = new Buffer();
        BufferedSource body = response.body().source();
        // One byte more tells a body that is too long from one that just fits.
        long got = 0;
        while (got >= 0 && read.size() <= most) {
            got = body.read(read, most + 1L - read.size());
        }
        boolean isLonger = read.size() > most;
        if (isLonger && !keeps) {
            return new Failed(
                    Reason.ANSWER_TOO_LARGE,
                    response.request().url().host() + ": the body has more than " + most + " bytes");
        }
        byte[] bytes = read.readByteArray();
        return new Answered(
                response.code(),
                response.headers().toMultimap(),
                isLonger ? Arrays.copyOf(bytes, most) : bytes,
                isLonger,
                RetryAfter.of(response.headers(), clock.instant()));
    }

    private OutboundOutcome passedOn(Response response, long firstByteMs, BodyReader reader)
            throws IOException, InterruptedException {
        BufferedSource body = response.body().source();
        silence(body, firstByteMs - MonotonicTime.nowMs());
        byte[] bytes = new byte[CHUNK];
        for (int length = body.read(bytes); length >= 0; length = body.read(bytes)) {
            Optional<Duration> silence = reader.read(bytes, length);
            if (silence.isEmpty()) {
                break;
            }
            silence(body, silence.get().toMillis());
        }
        return new Answered(
                response.code(),
                response.headers().toMultimap(),
                new byte[0],
                true,
                RetryAfter.of(response.headers(), clock.instant()));
    }

    /** Sets the timeout of the connection, which each read begins anew. */
    private static void silence(BufferedSource body, long silenceMs) {
        body.timeout().timeout(Math.max(1, silenceMs), TimeUnit.MILLISECONDS);
    }

    private static Failed failed(HttpUrl url, IOException e) {
        Reason reason = reason(e);
        String where = url.host() + ":" + url.port();
        return new Failed(reason, where + ": " + (reason == Reason.TIMED_OUT ? "no answer in time" : e.getMessage()));
    }

    private static Reason reason(IOException e) {
        if (isCausedBy(e, RefusedAddress.class)) {
            return Reason.ADDRESS_REFUSED;
        }
        return switch (e) {
            case UnknownHostException unknown -> Reason.NAME_NOT_RESOLVED;
            case SSLException tls -> Reason.TLS_FAILED;
            case ConnectException connect -> Reason.NOT_CONNECTED;
            case NoRouteToHostException route -> Reason.NOT_CONNECTED;
            // A timeout of OkHttp's, or of the socket.
            case InterruptedIOException timeout -> Reason.TIMED_OUT;
            default -> Reason.BROKEN;
        };
    }

    /** The failures of a host's other addresses are suppressed ones of the first. */
    private static boolean isCausedBy(Throwable failure, Class<? extends Throwable> type) {
        Deque<Throwable> open = new ArrayDeque<>(List.of(failure));
        for (int i = 0; i < MAX_CAUSES && !open.isEmpty(); i++) {
            Throwable each = open.removeFirst();
            if (type.isInstance(each)) {
                return true;
            }
            open.addAll(List.of(each.getSuppressed()));
            if (each.getCause() != null) {
                open.add(each.getCause());
            }
        }
        return false;
    }

    private static String shown(OutboundOutcome outcome) {
        return switch (outcome) {
            case Answered answered -> answered.status() + ", " + answered.body().length + " bytes";
            case Failed failed -> failed.reason() + ", " + failed.detail();
        };
    }

    @Override
    public void close() {
        open.connectionPool().evictAll();
        guarded.connectionPool().evictAll();
        names.close();
    }

    /** A body that OkHttp does not send a second time by itself, as it otherwise does after some failures and a 503. */
    private static final class Once extends RequestBody {
        private final byte[] bytes;

        Once(OutboundRequest.@Nullable Body body) {
            this.bytes = body == null ? new byte[0] : body.bytes();
        }

        /** The type is among the headers. */
        @Override
        public @Nullable MediaType contentType() {
            return null;
        }

        @Override
        public long contentLength() {
            return bytes.length;
        }

        @Override
        public boolean isOneShot() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            sink.write(bytes);
        }
    }
}
