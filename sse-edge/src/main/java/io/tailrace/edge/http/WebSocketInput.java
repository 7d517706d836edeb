package io.tailrace.edge.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the client of a WebSocket may say: Ping, Pong and Close. Channels are changed by PATCH, as they are for SSE, so a
 * message is refused. Stands between Netty's decoder of frames and the stream's connection; used on its event loop.
 */
final class WebSocketInput extends ChannelInboundHandlerAdapter {
    private static final int PONG = 0x8a;
    private static final int CLOSE = 0x88;

    /** A Close has two bytes of a status before its text (RFC 6455, section 5.5). */
    private static final int MAX_REASON_BYTES = 123;

    private final StreamConnection connection;
    private final WebSocketFraming framing;

    /** What the last Ping carried, until it is answered: one answer to several of them will do (section 5.5.3). */
    private byte @Nullable [] owedPong;

    /** Nothing that the client says counts any more. */
    private boolean over;

    WebSocketInput(StreamConnection connection, WebSocketFraming framing) {
        this.connection = connection;
        this.framing = framing;
    }

    /**
     * The decoder that belongs in front of it.
     *
     * @param maxFrameBytes what a frame may carry
     */
    static WebSocket13FrameDecoder decoder(int maxFrameBytes) {
        return new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(maxFrameBytes)
                .expectMaskedFrames(true)
                .allowMaskMismatch(false)
                .allowExtensions(false)
                .closeOnProtocolViolation(false)
                .withUTF8Validator(false)
                .build());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (!over && message instanceof WebSocketFrame frame) {
                connection.heard();
                read(ctx, frame);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void read(ChannelHandlerContext ctx, WebSocketFrame frame) {
        if (frame instanceof CloseWebSocketFrame close) {
            over = true;
            if (!framing.answered()) {
                // The answer repeats the status (section 5.5.1) and not the text.
                byte[] status = ByteBufUtil.getBytes(
                        close.content(), 0, Math.min(2, close.content().readableBytes()));
                connection.leave(frame(ctx, CLOSE, status)).addListener(written -> ctx.close());
            }
        } else if (frame instanceof PingWebSocketFrame) {
            owedPong = ByteBufUtil.getBytes(frame.content());
        } else if (!frame.isFinalFragment()) {
            fail(ctx, WebSocketCloseStatus.PROTOCOL_ERROR.code(), "a fragment, expected no messages");
        } else if (!(frame instanceof PongWebSocketFrame)) {
            fail(ctx, WebSocketCloseStatus.INVALID_MESSAGE_TYPE.code(), "a message, expected none: see PATCH");
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        pong(ctx);
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        pong(ctx);
        ctx.fireChannelWritabilityChanged();
    }

    /** Only when the client takes what it gets, so that one that only asks is no reason to keep anything but its question. */
    private void pong(ChannelHandlerContext ctx) {
        byte[] payload = owedPong;
        if (payload != null && !over && !framing.hasEnded() && ctx.channel().isWritable()) {
            owedPong = null;
            byte[] header = {(byte) PONG, (byte) payload.length};
            connection.append(header, 0, header.length);
            connection.append(payload, 0, payload.length);
            connection.flush();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof CorruptedWebSocketFrameException corrupt)) {
            ctx.fireExceptionCaught(cause);
        } else if (!over) {
            fail(ctx, corrupt.closeStatus().code(), String.valueOf(corrupt.getMessage()));
        }
    }

    /**
     * Section 7.1.7. The client is told, and sees the end behind it; what it goes on to send is taken and dropped for a
     * while, because closing a socket with unread bytes would reset it and could take the Close away from the client.
     */
    private void fail(ChannelHandlerContext ctx, int status, String reason) {
        over = true;
        if (framing.answered()) {
            return;
        }
        byte[] text = reason.getBytes(StandardCharsets.US_ASCII);
        byte[] payload = new byte[2 + Math.min(MAX_REASON_BYTES, text.length)];
        payload[0] = (byte) (status >> 8);
        payload[1] = (byte) status;
        System.arraycopy(text, 0, payload, 2, payload.length - 2);
        connection.leave(frame(ctx, CLOSE, payload)).addListener(written -> sayEnd(ctx.channel()));
    }

    /** Not under TLS, where the end of one half is not to be had. */
    private static void sayEnd(Channel channel) {
        if (channel instanceof DuplexChannel duplex && channel.pipeline().get(SslHandler.class) == null) {
            duplex.shutdownOutput();
        }
    }

    private static ByteBuf frame(ChannelHandlerContext ctx, int type, byte[] payload) {
        return ctx.alloc()
                .buffer(2 + payload.length)
                .writeByte(type)
                .writeByte(payload.length)
                .writeBytes(payload);
    }
}
