package io.tailrace.edge.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.StartPosition;
import io.tailrace.edge.stream.StreamPlan.Mode;
import io.tailrace.kit.problem.Problem;
import io.tailrace.kit.problem.ProblemType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request for a stream. Everything in it may be wrong or hostile; whatever is wrong is named in the answer.
 * Parameters that it does not know are ignored, because caches and clients add some. Immutable.
 */
final class RequestReader {
    /** The path of streams of channels. */
    static final String EVENTS = "/events";

    /** The path of the one stream that needs no channels. */
    static final String WATCH = "/events/watch";

    /** The channel of {@link #WATCH}. */
    static final Channel WATCH_CHANNEL = new Channel("metrics");

    /** The longest interval of heartbeats that may be asked for, in seconds. */
    static final int MAX_HEARTBEAT_SECONDS = 300;

    private static final String CURSOR = "last_event_id";

    /** What event-source-polyfill calls {@link #CURSOR}. */
    private static final String CURSOR_ALIAS = "lastEventId";

    private static final Set<String> PARAMETERS =
            Set.of("channels", "start", CURSOR, CURSOR_ALIAS, "heartbeat", EventSourceClient.REFUSAL, "access_token");
    private static final Pattern UP_TO_THREE_DIGITS = Pattern.compile("[0-9]{1,3}");
    static final int MAX_PARAMETERS = 64;
    private static final int MAX_FAULTS = 10;
    private static final String LAST_EVENT_ID = "last-event-id";
    private static final String BEARER = "bearer ";

    private final int maxChannels;
    private final String cookieName;

    RequestReader(int maxChannels, String cookieName) {
        this.maxChannels = maxChannels;
        this.cookieName = cookieName;
    }

    /** The result of reading a request. */
    sealed interface ReadRequest {}

    /** A well-formed request. */
    record Readable(StreamRequest request) implements ReadRequest {}

    /** A malformed request, with the refusal that answers it. */
    record Unreadable(Refusal refusal) implements ReadRequest {}

    /** Ends the reading with a refusal; caught in {@link #read}. */
    private static final class Fault extends Exception {
        private static final long serialVersionUID = 1;
        private final transient Refusal refusal;

        Fault(Refusal refusal) {
            super(refusal.problem().title(), null, false, false);
            this.refusal = refusal;
        }
    }

    /**
     * Reads the request for {@code uri}, whose path is {@link #EVENTS} or {@link #WATCH}.
     *
     * @param webSocket whether it is for a WebSocket
     */
    ReadRequest read(String uri, HttpHeaders headers, boolean webSocket) {
        try {
            Map<String, List<String>> query = query(uri);
            boolean readsStatus = readsStatus(parameter(query, EventSourceClient.REFUSAL));
            Mode mode = mode(uri, webSocket);
            List<Channel> channels =
                    mode == Mode.WATCH ? List.of(WATCH_CHANNEL) : channels(parameter(query, "channels"));
            String header = headers.get(LAST_EVENT_ID);
            boolean fromHeader = header != null && !header.isEmpty();
            String lastEventId = fromHeader ? header : lastEventId(query);
            return new Readable(new StreamRequest(
                    mode,
                    channels,
                    start(parameter(query, "start")),
                    lastEventId == null || lastEventId.isEmpty() ? null : lastEventId,
                    webSocket
                            ? headers.contains(HttpHeaderNames.ORIGIN)
                            : fromHeader && !readsStatus && isBrowser(headers),
                    heartbeatSeconds(parameter(query, "heartbeat")),
                    token(query, headers)));
        } catch (Fault e) {
            return new Unreadable(e.refusal);
        }
    }

    /** Reads a request that came by gRPC; what is wrong is named by the fields of {@code SubscribeRequest}. */
    ReadRequest read(List<String> names, String start, String cursor, int heartbeatSeconds, @Nullable String jwt) {
        try {
            if (names.isEmpty()) {
                throw new Fault(Refusal.invalid("channels", "is empty, expected the names of channels"));
            }
            return new Readable(new StreamRequest(
                    Mode.GRPC,
                    channels(names),
                    start(start),
                    cursor.isEmpty() ? null : cursor,
                    false,
                    heartbeatSeconds == 0 ? 0 : heartbeatSeconds(Integer.toUnsignedString(heartbeatSeconds)),
                    jwt == null ? null : new StreamRequest.Token(jwt, false)));
        } catch (Fault e) {
            return new Unreadable(e.refusal);
        }
    }

    /** The path of a URI in origin form. */
    static String path(String uri) {
        int end = uri.indexOf('?');
        return end < 0 ? uri : uri.substring(0, end);
    }

    private static Mode mode(String uri, boolean webSocket) throws Fault {
        if (!path(uri).equals(WATCH)) {
            return webSocket ? Mode.WEBSOCKET : Mode.CHANNELS;
        }
        if (webSocket) {
            throw new Fault(Refusal.of(
                    ProblemType.BAD_REQUEST, WATCH + " is no WebSocket, expected " + EVENTS + "?channels=metrics"));
        }
        return Mode.WATCH;
    }

    private static Map<String, List<String>> query(String uri) throws Fault {
        try {
            Map<String, List<String>> query =
                    new QueryStringDecoder(uri, StandardCharsets.UTF_8, true, MAX_PARAMETERS).parameters();
            for (Map.Entry<String, List<String>> parameter : query.entrySet()) {
                if (PARAMETERS.contains(parameter.getKey())
                        && parameter.getValue().size() > 1) {
                    throw new Fault(Refusal.invalid(
                            parameter.getKey(), parameter.getValue().size() + " times, expected once"));
                }
            }
            return query;
        } catch (IllegalArgumentException e) {
            throw new Fault(Refusal.of(ProblemType.BAD_REQUEST, "the query is not percent-encoded correctly"));
        }
    }

    private static @Nullable String parameter(Map<String, List<String>> query, String name) {
        List<String> values = query.get(name);
        return values == null ? null : values.getFirst();
    }

    private List<Channel> channels(@Nullable String list) throws Fault {
        if (list == null || list.isEmpty()) {
            throw new Fault(Refusal.invalid("channels", "expected the names of channels, joined by commas"));
        }
        long count = list.chars().filter(c -> c == ',').count() + 1;
        requireFew(count);
        return channels(List.of(list.split(",", -1)));
    }

    private void requireFew(long count) throws Fault {
        if (count > maxChannels) {
            throw new Fault(Refusal.of(
                    ProblemType.TOO_MANY_CHANNELS,
                    "channels: " + count + " names, expected at most " + maxChannels + " on one stream"));
        }
    }

    private List<Channel> channels(List<String> names) throws Fault {
        requireFew(names.size());
        Set<Channel> channels = new LinkedHashSet<>();
        List<Problem.FieldError> faults = new ArrayList<>();
        for (int i = 0; i < names.size() && faults.size() < MAX_FAULTS; i++) {
            try {
                channels.add(new Channel(names.get(i)));
            } catch (IllegalArgumentException e) {
                faults.add(new Problem.FieldError("channels[" + i + "]", String.valueOf(e.getMessage())));
            }
        }
        if (!faults.isEmpty()) {
            throw new Fault(new Refusal(Problem.invalid(faults), Map.of()));
        }
        return List.copyOf(channels);
    }

    private static @Nullable StartPosition start(@Nullable String text) throws Fault {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            return StartPosition.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Fault(Refusal.invalid("start", String.valueOf(e.getMessage())));
        }
    }

    private static @Nullable String lastEventId(Map<String, List<String>> query) throws Fault {
        String id = parameter(query, CURSOR);
        String alias = parameter(query, CURSOR_ALIAS);
        if (id == null || id.isEmpty()) {
            return alias;
        }
        if (alias != null && !alias.isEmpty() && !alias.equals(id)) {
            throw new Fault(Refusal.invalid(
                    CURSOR_ALIAS,
                    "another cursor than that of " + CURSOR + ", expected one of them or the same in both"));
        }
        return id;
    }

    /** Whether the client says that it can read a status. {@link EventSourceClient} uses what is only checked here. */
    private static boolean readsStatus(@Nullable String refusal) throws Fault {
        if (refusal == null || refusal.isEmpty() || refusal.equals(EventSourceClient.AS_EVENT)) {
            return false;
        }
        if (!refusal.equals(EventSourceClient.AS_STATUS)) {
            throw new Fault(Refusal.invalid(
                    EventSourceClient.REFUSAL,
                    "expected " + EventSourceClient.AS_EVENT + " or " + EventSourceClient.AS_STATUS));
        }
        return true;
    }

    private static int heartbeatSeconds(@Nullable String text) throws Fault {
        if (text == null || text.isEmpty()) {
            return 0;
        }
        int seconds = UP_TO_THREE_DIGITS.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (seconds < 1 || seconds > MAX_HEARTBEAT_SECONDS) {
            throw new Fault(Refusal.invalid(
                    "heartbeat", "expected whole seconds from 1 to " + MAX_HEARTBEAT_SECONDS + ", in digits"));
        }
        return seconds;
    }

    /** The header wins, because whoever can set it means it; a cookie comes last, because a browser sends it unasked. */
    private StreamRequest.@Nullable Token token(Map<String, List<String>> query, HttpHeaders headers) throws Fault {
        List<String> authorization = headers.getAll(HttpHeaderNames.AUTHORIZATION);
        if (authorization.size() > 1) {
            throw new Fault(Refusal.invalid("Authorization", authorization.size() + " times, expected once"));
        }
        if (!authorization.isEmpty()) {
            String value = authorization.getFirst();
            boolean bearer = value.toLowerCase(Locale.ROOT).startsWith(BEARER);
            return new StreamRequest.Token(
                    bearer ? value.substring(BEARER.length()).strip() : value, false);
        }
        String apiKey = headers.get("x-api-key");
        if (apiKey != null && !apiKey.isEmpty()) {
            return new StreamRequest.Token(apiKey, false);
        }
        String parameter = parameter(query, "access_token");
        if (parameter != null && !parameter.isEmpty()) {
            return new StreamRequest.Token(parameter, false);
        }
        for (String header : headers.getAll(HttpHeaderNames.COOKIE)) {
            for (Cookie cookie : ServerCookieDecoder.LAX.decode(header)) {
                if (cookie.name().equals(cookieName) && !cookie.value().isEmpty()) {
                    return new StreamRequest.Token(cookie.value(), true);
                }
            }
        }
        return null;
    }

    /**
     * Whether the client is a browser's EventSource, which sends {@code Sec-Fetch-Mode} to trustworthy origins (Fetch
     * Metadata, section 2.3), and else accepts {@code text/event-stream} and names its page.
     */
    private static boolean isBrowser(HttpHeaders headers) {
        if (headers.contains("sec-fetch-mode")) {
            return true;
        }
        String accept = headers.get(HttpHeaderNames.ACCEPT);
        return accept != null
                && accept.contains("text/event-stream")
                && (headers.contains(HttpHeaderNames.ORIGIN) || headers.contains(HttpHeaderNames.REFERER));
    }
}
