package io.tailrace.bench.edge.rival;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/**
 * The limit: Netty with epoll and nothing else. It looks for {@code channels=} in whatever is sent, answers with a stream's
 * head, and broadcasts frames that were encoded once. No HTTP, no tokens, no cursors, no bounds.
 */
public final class SkeletonMain {
    private static final String HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n"
                    + "Connection: close\r\n\r\nevent: open\ndata: {}\n\n";
    private static final int BACKLOG = 4096;
    private static final int QUEUE_BYTES = 1 << 26;

    private final Map<EventLoop, Broadcaster> broadcasters = new ConcurrentHashMap<>();

    private SkeletonMain() {}

    /**
     * Runs until the process is ended.
     *
     * @param args the port, how many event loops, then the topics
     */
    public static void main(String[] args) throws InterruptedException {
        SkeletonMain skeleton = new SkeletonMain();
        int loops = Integer.parseInt(args[1]);
        var group = new MultiThreadIoEventLoopGroup(loops, EpollIoHandler.newFactory());
        TopicTail.start(List.of(args).subList(2, args.length), skeleton::broadcast);
        new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(QUEUE_BYTES / 2, QUEUE_BYTES))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(skeleton.new Connection());
                    }
                })
                .bind("127.0.0.1", Integer.parseInt(args[0]))
                .sync()
                .channel()
                .closeFuture()
                .sync();
    }

    private Broadcaster of(EventLoop loop) {
        return broadcasters.computeIfAbsent(loop, Broadcaster::new);
    }

    private void broadcast(ConsumerRecords<byte[], byte[]> records) {
        if (records.isEmpty()) {
            return;
        }
        Map<String, ByteArrayOutputStream> streams = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            String frame =
                    "id: " + TopicTail.id(record) + "\nevent: tick\ndata: " + TopicTail.envelope(record) + "\n\n";
            streams.computeIfAbsent(TopicTail.channel(record), channel -> new ByteArrayOutputStream())
                    .writeBytes(frame.getBytes(StandardCharsets.UTF_8));
        }
        Map<String, byte[]> frames = new HashMap<>();
        streams.forEach((channel, stream) -> frames.put(channel, stream.toByteArray()));
        broadcasters.values().forEach(broadcaster -> broadcaster.post(frames));
    }

    private final class Connection extends ChannelInboundHandlerAdapter {
        private String request = "";
        private List<String> channels = List.of();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            request += ((ByteBuf) message).toString(StandardCharsets.ISO_8859_1);
            ReferenceCountUtil.release(message);
            if (request.endsWith("\r\n\r\n")) {
                String line = request.substring(0, request.indexOf(" HTTP/"));
                channels = List.of(line.substring(line.indexOf("channels=") + 9).split("[,&]"));
                request = "";
                Channel connection = context.channel();
                channels.forEach(channel -> of(connection.eventLoop()).add(channel, connection));
                context.writeAndFlush(Unpooled.copiedBuffer(HEAD, StandardCharsets.ISO_8859_1));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            channels.forEach(channel -> of(context.channel().eventLoop()).remove(channel, context.channel()));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
