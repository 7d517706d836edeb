package io.tailrace.edge.testing;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One HTTP/2 connection in clear text, by prior knowledge. Its own window is wide, so that a stream that is not read closes
 * its own window and not that of all.
 */
public final class Http2Client implements AutoCloseable {
    private static final int CONNECTION_WINDOW_BYTES = 1 << 26;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel connection;
    private final CompletableFuture<Http2Settings> settings = new CompletableFuture<>();
    private final CompletableFuture<Long> goAwayCode = new CompletableFuture<>();

    private Http2Client(int port) {
        Http2FrameCodec codec = Http2FrameCodecBuilder.forClient().build();
        connection = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        codec,
                                        new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
                                        new Told());
                    }
                })
                .connect("127.0.0.1", port)
                .syncUninterruptibly()
                .channel();
        connection.eventLoop().submit(() -> widen(codec.connection())).syncUninterruptibly();
    }

    /** Connects. */
    public static Http2Client connect(int port) {
        return new Http2Client(port);
    }

    /** Sends a GET. Headers are {@code name: value}. */
    public Http2Stream get(String target, String... headers) {
        return send("GET", target, true, headers);
    }

    /** Sends the headers of a request. */
    public Http2Stream send(String method, String target, boolean complete, String... headers) {
        Http2Headers fields = new DefaultHttp2Headers()
                .method(method)
                .path(target)
                .scheme("http")
                .authority("localhost");
        for (String header : headers) {
            String[] parts = header.split(": ", 2);
            fields.add(parts[0], parts[1]);
        }
        var stream = new Http2StreamChannelBootstrap(connection)
                .open()
                .syncUninterruptibly()
                .getNow();
        Http2Stream sent = new Http2Stream(stream);
        stream.writeAndFlush(new DefaultHttp2HeadersFrame(fields, complete));
        return sent;
    }

    /** The server's settings. */
    public Http2Settings settings() {
        return settings.orTimeout(SseMessages.DEADLINE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /** The code with which the server has said that it takes no more streams. */
    public long goAwayCode() {
        return goAwayCode
                .orTimeout(SseMessages.DEADLINE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /** Waits until the connection is closed. */
    public void awaitEnd() {
        if (!connection.closeFuture().awaitUninterruptibly(SseMessages.DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the connection is still open");
        }
    }

    @Override
    public void close() {
        var first = connection.pipeline().firstContext();
        if (first != null) {
            // Without a word, as a crash: the streams need not end first.
            first.close().awaitUninterruptibly();
        }
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static Void widen(Http2Connection connection) {
        try {
            connection
                    .local()
                    .flowController()
                    .incrementWindowSize(connection.connectionStream(), CONNECTION_WINDOW_BYTES);
            return null;
        } catch (io.netty.handler.codec.http2.Http2Exception e) {
            throw new AssertionError(Http2Error.FLOW_CONTROL_ERROR.toString(), e);
        }
    }

    private final class Told extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Http2SettingsFrame frame) {
                settings.complete(frame.settings());
            } else if (message instanceof Http2GoAwayFrame frame) {
                goAwayCode.complete(frame.errorCode());
            }
            ReferenceCountUtil.release(message);
        }
    }
}
