package io.tailrace.edge.testing;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamFrame;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A request on an HTTP/2 connection and its answer, which may be a stream of events. */
public final class Http2Stream extends SseMessages {
    private static final byte[] EOF = {};

    private final Http2StreamChannel channel;
    private final BlockingQueue<byte[]> data = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final CompletableFuture<Http2Headers> head = new CompletableFuture<>();
    private final CompletableFuture<Long> resetCode = new CompletableFuture<>();
    private final CompletableFuture<String> whole = new CompletableFuture<>();

    Http2Stream(Http2StreamChannel channel) {
        this.channel = channel;
        channel.pipeline().addLast(new Frames());
        channel.closeFuture().addListener(closed -> {
            end();
            head.completeExceptionally(new AssertionError("the stream ended without an answer"));
            resetCode.completeExceptionally(new AssertionError("the stream was not reset"));
        });
    }

    /** The status of the answer. */
    public int status() {
        return Integer.parseInt(head().status().toString());
    }

    /** A header of the answer, or the empty string. */
    public String header(String name) {
        CharSequence value = head().get(name);
        return value == null ? "" : value.toString();
    }

    /** The body of an answer that is no stream. */
    public String body() {
        return join(whole);
    }

    /** The code with which the server has reset the stream. */
    public long resetCode() {
        return join(resetCode);
    }

    /** Takes nothing more, so that the stream's window closes. */
    public Http2Stream pause() {
        channel.config().setAutoRead(false);
        return this;
    }

    /** Goes on to read. */
    public void resume() {
        channel.config().setAutoRead(true);
    }

    /** Sends a part of the request's body. */
    public void write(String text) {
        channel.writeAndFlush(new io.netty.handler.codec.http2.DefaultHttp2DataFrame(
                        io.netty.buffer.Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)))
                .syncUninterruptibly();
    }

    @Override
    public void close() {
        channel.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL)).awaitUninterruptibly();
    }

    private Http2Headers head() {
        return join(head);
    }

    private void end() {
        whole.complete(body.toString(StandardCharsets.UTF_8));
        data.add(EOF);
    }

    private static <T> T join(CompletableFuture<T> future) {
        return future.orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS).join();
    }

    private final class Frames extends SimpleChannelInboundHandler<Http2StreamFrame> {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof Http2ResetFrame reset) {
                resetCode.complete(reset.errorCode());
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, Http2StreamFrame frame) {
            switch (frame) {
                case Http2HeadersFrame headers -> {
                    CharSequence type = headers.headers().get("content-type");
                    if (type != null && type.toString().startsWith("text/event-stream")) {
                        Thread.ofVirtual()
                                .start(() -> readEvents(new BufferedReader(
                                        new InputStreamReader(new Bytes(), StandardCharsets.UTF_8))));
                    }
                    head.complete(headers.headers());
                    if (headers.isEndStream()) {
                        end();
                    }
                }
                case Http2DataFrame content -> {
                    byte[] bytes = new byte[content.content().readableBytes()];
                    content.content().readBytes(bytes);
                    body.writeBytes(bytes);
                    if (bytes.length > 0) {
                        data.add(bytes);
                    }
                    if (content.isEndStream()) {
                        end();
                    }
                }
                default -> {}
            }
        }
    }

    /** What has come, as a stream that blocks. */
    private final class Bytes extends InputStream {
        private byte[] current = {};
        private int at;

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) {
            if (at == current.length) {
                try {
                    byte[] next = data.take();
                    if (next == EOF) {
                        data.add(EOF);
                        return -1;
                    }
                    current = next;
                    at = 0;
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            int count = Math.min(length, current.length - at);
            System.arraycopy(current, at, into, from, count);
            at += count;
            return count;
        }
    }
}
