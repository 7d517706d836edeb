package io.tailrace.edge.control;

import io.tailrace.edge.loop.EdgeLoop;
import io.tailrace.edge.stream.EventStream;
import io.tailrace.edge.stream.StreamPlan;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A stream of this edge. What it refers to is used on the loop's thread only; everything else is thread-safe. */
public final class OpenStream {
    private final EventStream stream;
    private final EdgeLoop loop;
    private final StreamPlan.Mode mode;
    private final SocketAddress remoteAddress;
    private final Instant openedAt;
    private volatile @Nullable String subject;
    private @Nullable ChangeQueue changes;

    /**
     * A stream that was just opened.
     *
     * @param loop where it lives
     * @param subject whose token opened it; null if there was none
     * @param remoteAddress where its client is, as the connection says
     * @param openedAt the time of day, for an operator
     */
    public OpenStream(
            EventStream stream,
            EdgeLoop loop,
            StreamPlan.Mode mode,
            @Nullable String subject,
            SocketAddress remoteAddress,
            Instant openedAt) {
        this.stream = stream;
        this.loop = loop;
        this.mode = mode;
        this.subject = subject;
        this.remoteAddress = remoteAddress;
        this.openedAt = openedAt;
    }

    /** Its name towards the client. */
    public String connectionId() {
        return stream.connectionId();
    }

    EventStream stream() {
        return stream;
    }

    EdgeLoop loop() {
        return loop;
    }

    SocketAddress remoteAddress() {
        return remoteAddress;
    }

    Instant openedAt() {
        return openedAt;
    }

    @Nullable
    String subject() {
        return subject;
    }

    /** Whether its name, its subject or its client's address has a text in it, which is in lower case. */
    boolean isAbout(String text) {
        String owner = subject;
        return connectionId().toLowerCase(Locale.ROOT).contains(text)
                || (owner != null && owner.toLowerCase(Locale.ROOT).contains(text))
                || remoteAddress.toString().toLowerCase(Locale.ROOT).contains(text);
    }

    /** Its changes, made when there is one first: most streams have none ever. Called by one thread. */
    ChangeQueue changes(Supplier<ChangeQueue> empty) {
        ChangeQueue known = changes;
        if (known == null) {
            known = empty.get();
            changes = known;
        }
        return known;
    }

    /** How its events travel: {@code sse}, {@code websocket} or {@code grpc}. */
    String transport() {
        return switch (mode) {
            case CHANNELS, WATCH -> "sse";
            case WEBSOCKET -> "websocket";
            case GRPC -> "grpc";
        };
    }

    /** Whether its set of channels is fixed. */
    boolean isFixed() {
        return mode == StreamPlan.Mode.WATCH;
    }

    /**
     * Whether somebody may change it: the bearer of a token of the same subject. One that was opened without a token
     * belongs to whoever knows its id, which has 74 random bits and was told to its client alone.
     */
    boolean mayBeChangedBy(@Nullable String caller) {
        return subject == null || Objects.equals(subject, caller);
    }

    /** It has the token of this subject from now on. */
    void belongsTo(String newSubject) {
        subject = newSubject;
    }
}
