package io.tailrace.edge.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import io.tailrace.edge.EdgeSettings;
import io.tailrace.edge.control.OpenStream;
import io.tailrace.edge.control.OpenStreams;
import io.tailrace.edge.loop.EdgeLoop;
import io.tailrace.edge.stream.CloseReason;
import io.tailrace.edge.stream.EventStream;
import io.tailrace.edge.stream.StreamPlan;
import io.tailrace.edge.stream.StreamSink;
import io.tailrace.kit.time.MonotonicTime;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The channel of a stream after the request: that of an HTTP/1.1 connection, of an HTTP/2 stream or of a WebSocket. It is the
 * last handler of its pipeline, and the sink of its stream. What the stream appends between two flushes goes into one buffer,
 * which Netty owns from the flush on, and which streams that are sent the same share. Used on its event loop only,
 * but for {@link #closeAsOldest}.
 */
final class StreamConnection extends ChannelDuplexHandler implements StreamSink, SlotHolder {
    private final Channel channel;
    private final Framing framing;
    private final EdgeLoop loop;
    private final ConnectionSlots slots;
    private final OpenStreams streams;
    private final EdgeSettings settings;
    private final int highWaterBytes;
    private final @Nullable String address;
    private final NextWrite nextWrite;
    private @Nullable ChannelHandlerContext context;
    private @Nullable EventStream stream;
    private @Nullable OpenStream listed;
    private boolean saidFull;
    private boolean awaitingSent;
    private boolean gone;
    private int discardedBytes;

    /** A connection whose HTTP handlers are about to go. */
    StreamConnection(
            Channel channel,
            EdgeLoop loop,
            ConnectionSlots slots,
            OpenStreams streams,
            EdgeSettings settings,
            int highWaterBytes,
            Framing framing,
            @Nullable String address) {
        this.channel = channel;
        this.framing = framing;
        this.loop = loop;
        this.slots = slots;
        this.streams = streams;
        this.settings = settings;
        this.highWaterBytes = highWaterBytes;
        this.address = address;
        this.nextWrite = new NextWrite(channel.alloc(), loop.sharedWrites());
    }

    @Override
    public @Nullable String address() {
        return address;
    }

    /**
     * Sends the head and opens the stream; both go out together if the stream has its first event at once.
     *
     * @param headers of the answer, beside those of every stream
     */
    void open(StreamService.Granted granted, Map<String, String> headers) {
        StreamPlan plan = granted.plan();
        byte[] head = framing.head(Objects.requireNonNull(context), headers);
        append(head, 0, head.length);
        EventStream opened = loop.streams().open(plan, this, MonotonicTime.nowMs());
        stream = opened;
        OpenStream open =
                new OpenStream(opened, loop, plan.mode(), granted.subject(), channel.remoteAddress(), Instant.now());
        listed = open;
        streams.add(open);
        if (granted.isVoid().getAsBoolean()) {
            // Revoked before it was in the list, where the revocation looked for it.
            loop.streams().close(opened, CloseReason.ADMIN);
        }
        loop.requestTurn();
        // Behind the turn: what it has not sent by then, because it waits for the log, must not hold back the head.
        loop.executor().execute(this::flush);
    }

    @Override
    public void closeAsOldest() {
        loop.executor().execute(() -> {
            EventStream open = stream;
            if (open != null) {
                loop.streams().close(open, CloseReason.OVERLOADED);
                loop.requestTurn();
            }
        });
    }

    @Override
    public boolean isWritable() {
        boolean writable = channel.isWritable() && nextWrite.length() < highWaterBytes;
        saidFull |= !writable;
        return writable;
    }

    @Override
    public void append(byte[] bytes, int from, int length) {
        if (gone) {
            return;
        }
        nextWrite.append(bytes, from, length);
    }

    @Override
    public void appendShared(byte[] bytes, int from, int length) {
        if (!gone) {
            nextWrite.appendShared(bytes, from, length);
        }
    }

    @Override
    public void flush() {
        ChannelHandlerContext to = context;
        ByteBuf buffer = to == null ? null : nextWrite.take();
        if (to == null || buffer == null) {
            return;
        }
        framing.write(to, buffer);
        noteWritable();
        awaitSent(to);
    }

    /** What the network has not taken at once is waited for, because Netty says nothing about it below the low-water mark. */
    private void awaitSent(ChannelHandlerContext to) {
        if (!awaitingSent && !gone && framing.pendingBytes(to) > 0) {
            awaitingSent = true;
            // Later, because Netty counts what it has just sent until this call is over.
            framing.whenSent(to, () -> loop.executor().execute(() -> sent(to)));
        }
    }

    private void sent(ChannelHandlerContext to) {
        awaitingSent = false;
        EventStream open = stream;
        if (open != null) {
            loop.streams().onWritable(open);
            loop.requestTurn();
            awaitSent(to);
        }
    }

    @Override
    public long pendingBytes() {
        ChannelHandlerContext to = context;
        return nextWrite.length() + (to == null ? 0 : framing.pendingBytes(to));
    }

    @Override
    public long unsentBytes() {
        ChannelHandlerContext to = context;
        return nextWrite.length() + (to == null ? 0 : framing.unsentBytes(to));
    }

    @Override
    public void close() {
        stream = null;
        unlist();
        ChannelHandlerContext to = context;
        if (to == null) {
            return;
        }
        try {
            flush();
            // Not by the channel's own close, which goes through this handler.
            framing.end(to).addListener(written -> to.close());
            closeInTime(to);
        } catch (RuntimeException | Error e) {
            to.close();
            throw e;
        }
    }

    private void closeInTime(ChannelHandlerContext to) {
        var timeout = loop.executor()
                .schedule(
                        () -> {
                            to.close();
                        },
                        settings.closeTimeout().toMillis(),
                        TimeUnit.MILLISECONDS);
        to.channel().closeFuture().addListener(closed -> timeout.cancel(false));
    }

    /** The client of a WebSocket has said something, so it is there. */
    void heard() {
        EventStream open = stream;
        if (open != null) {
            loop.streams().onHeard(open);
        }
    }

    /**
     * Ends the stream because of what the client of a WebSocket has said. The connection is closed by then or after a while.
     *
     * @param farewell the last bytes; taken over
     * @return when they are sent
     */
    ChannelFuture leave(ByteBuf farewell) {
        ChannelHandlerContext to = Objects.requireNonNull(context);
        flush();
        forget();
        closeInTime(to);
        return to.writeAndFlush(farewell);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /** A client has nothing to say on a stream; a little is ignored, more ends the connection. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            discardedBytes += bytes.readableBytes();
        } else if (message instanceof ByteBufHolder frame) {
            discardedBytes += frame.content().readableBytes();
        }
        ReferenceCountUtil.release(message);
        if (discardedBytes > settings.discardBytes()) {
            ctx.close();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        // Nobody who cares comes after this handler.
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        noteWritable();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        forget();
        nextWrite.clear();
        slots.release(this);
    }

    /**
     * When the server stops, Micronaut closes every connection on which it owes no answer, through its handler that is no
     * longer in the pipeline but remembers what came before it: this one. A stream is not closed by that but by the drain,
     * which spreads the end of all streams over time.
     */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        channel.closeFuture().addListener(closed -> promise.trySuccess());
    }

    /** A failed write or read: the connection is of no use any more. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    private void forget() {
        gone = true;
        unlist();
        EventStream open = stream;
        if (open != null) {
            stream = null;
            loop.streams().onDisconnected(open);
            loop.requestTurn();
        }
    }

    private void unlist() {
        OpenStream open = listed;
        if (open != null) {
            listed = null;
            streams.remove(open);
        }
    }

    private void noteWritable() {
        EventStream open = stream;
        if (saidFull && open != null && isWritable()) {
            saidFull = false;
            loop.streams().onWritable(open);
            loop.requestTurn();
        }
    }
}
