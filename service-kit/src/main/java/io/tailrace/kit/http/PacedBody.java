package io.tailrace.kit.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.body.CloseableByteBody;
import io.micronaut.http.netty.body.NettyByteBodyFactory;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * Writes a large answer to its reader, as fast as that reads: one chunk is on its way at a time, and the chunks are never copied as
 * a whole. A reader that takes too long has its connection closed, so that nobody holds them for ever. One whose connection has
 * ended before the answer is there gets nothing, and nothing of it stays. Thread-safe.
 */
public final class PacedBody {
    /**
     * Micronaut closes a body that it cannot write any more, but drops one that it gets for a connection that has ended. So that is
     * closed here, when Micronaut has had the time to begin with it.
     */
    static final Duration UNCLAIMED = Duration.ofSeconds(5);

    private final Channel channel;
    private final AtomicReference<@Nullable Runnable> onEnd;
    private final Future<?> deadline;
    private final ChannelFutureListener onClose = closed -> abandon();
    private @Nullable CloseableByteBody body;

    private PacedBody(Channel channel, Duration timeout, Runnable onEnd) {
        this.channel = channel;
        this.onEnd = new AtomicReference<>(onEnd);
        this.deadline = channel.eventLoop().schedule(this::expire, timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * A body.
     *
     * @param chunks what is written; nobody may write to them afterwards
     * @param timeout until all is written
     * @param onEnd is run once, on any thread: when all is written, or nothing more will be
     */
    public static CloseableByteBody of(HttpRequest<?> request, List<byte[]> chunks, Duration timeout, Runnable onEnd) {
        return of(((NettyHttpRequest<?>) request).getChannelHandlerContext().channel(), chunks, timeout, onEnd);
    }

    static CloseableByteBody of(Channel channel, List<byte[]> chunks, Duration timeout, Runnable onEnd) {
        PacedBody paced = new PacedBody(channel, timeout, onEnd);
        Flux<ByteBuf> bytes =
                Flux.fromIterable(chunks).map(Unpooled::wrappedBuffer).doFinally(signal -> paced.end());
        long length = chunks.stream().mapToLong(chunk -> chunk.length).sum();
        HttpHeaders headers = new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(length));
        CloseableByteBody body = new NettyByteBodyFactory(channel).adapt(bytes, headers, paced::end);
        paced.body = body;
        channel.closeFuture().addListener(paced.onClose);
        return body;
    }

    private void abandon() {
        end();
        CloseableByteBody unclaimed = body;
        if (unclaimed != null && !channel.eventLoop().isShuttingDown()) {
            var unused = channel.eventLoop().schedule(unclaimed::close, UNCLAIMED.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void expire() {
        if (onEnd.get() != null) {
            channel.close();
        }
    }

    private void end() {
        // A connection that is kept would otherwise keep all that was read over it.
        Runnable once = onEnd.getAndSet(null);
        if (once != null) {
            var unused = deadline.cancel(false);
            channel.closeFuture().removeListener(onClose);
            once.run();
        }
    }
}
