package io.tailrace.bench.swarm;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Streams that are held open and read on one thread. Ends at the first stream that fails; {@link #awaitOpen} says why. */
public final class Swarm implements AutoCloseable {
    private static final long PAUSE_MS = 20;
    private static final int READ_BYTES = 1 << 18;
    private static final int CONNECTING_AT_ONCE = 256;

    /**
     * One stream to open.
     *
     * @param path with the query
     * @param token bearer token, or empty for none
     * @param lastEventId where the stream goes on, or empty
     */
    public record Request(String path, String token, String lastEventId) {
        /** A stream without a past. */
        public Request(String path, String token) {
            this(path, token, "");
        }
    }

    private final InetSocketAddress server;
    private final List<InetSocketAddress> from;
    private final List<Request> requests;
    private final Frames frames;
    private final Selector selector;
    private final CountDownLatch opened;
    private final Thread thread;
    private final List<SocketChannel> channels = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    private final byte[] bytes = new byte[READ_BYTES];
    private int connecting;
    private volatile boolean closed;
    private volatile @Nullable IOException failure;
    private volatile long openedNs;
    private final AtomicLong readsWithFrames = new AtomicLong();
    private volatile boolean paused;

    /** A stream on its way. */
    private record Stream(SocketChannel channel, Response response, ByteBuffer request) {}

    /**
     * Starts to open streams.
     *
     * @param server where to
     * @param from local addresses to connect from in turn, none for any; one address holds some 28,000 connections
     * @param requests one a stream; their places are the streams' numbers
     * @param frames takes every frame, on the swarm's thread
     */
    public Swarm(InetSocketAddress server, List<InetSocketAddress> from, List<Request> requests, Frames frames)
            throws IOException {
        this.server = server;
        this.from = List.copyOf(from);
        this.requests = List.copyOf(requests);
        this.frames = frames;
        this.selector = Selector.open();
        this.opened = new CountDownLatch(requests.size());
        this.thread = new Thread(this::run, "swarm");
        thread.start();
    }

    /** Waits until every stream has its first frame. */
    public void awaitOpen(long timeoutMs) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        while (!opened.await(50, TimeUnit.MILLISECONDS)) {
            check();
            if (System.nanoTime() > deadline) {
                throw new IOException(opened.getCount() + " of " + requests.size() + " streams did not open in time");
            }
        }
    }

    /** When the last stream had its first frame, as {@link System#nanoTime()}; 0 before that. */
    public long openedNs() {
        return openedNs;
    }

    /** Reads so far that have ended at least one frame: about the server's writes, as long as the client keeps up. */
    public long readsWithFrames() {
        return readsWithFrames.get();
    }

    /** Stops reading, or goes on: what arrives meanwhile waits in the sockets. */
    public void pause(boolean stop) {
        paused = stop;
        selector.wakeup();
    }

    /** Throws if a stream has failed or ended. */
    public void check() throws IOException {
        IOException fault = failure;
        if (fault != null) {
            throw fault;
        }
    }

    private void run() {
        try {
            int next = 0;
            while (!closed) {
                while (next < requests.size() && connecting < CONNECTING_AT_ONCE) {
                    connect(next++);
                }
                if (paused) {
                    Thread.sleep(PAUSE_MS);
                } else {
                    selector.select(this::ready, 1000);
                }
            }
        } catch (IOException e) {
            failure = e;
        } catch (Uncaught e) {
            failure = e.cause;
        } catch (InterruptedException e) {
            failure = new IOException("interrupted", e);
        }
    }

    private void connect(int number) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channels.add(channel);
        channel.configureBlocking(false);
        // No address waits for stragglers after the end, so that the next swarm finds free ports.
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        if (!from.isEmpty()) {
            channel.bind(from.get(number % from.size()));
        }
        Request request = requests.get(number);
        String authorization = request.token().isEmpty() ? "" : "Authorization: Bearer " + request.token() + "\r\n";
        String lastEventId = request.lastEventId().isEmpty() ? "" : "Last-Event-ID: " + request.lastEventId() + "\r\n";
        String head = "GET " + request.path() + " HTTP/1.1\r\nHost: " + server.getHostString() + ":" + server.getPort()
                + "\r\nAccept: text/event-stream\r\n" + authorization + lastEventId + "\r\n";
        Stream stream = new Stream(
                channel, new Response(number, frames), ByteBuffer.wrap(head.getBytes(StandardCharsets.ISO_8859_1)));
        connecting++;
        channel.register(selector, SelectionKey.OP_CONNECT, stream);
        if (channel.connect(server)) {
            send(channel.keyFor(selector), stream);
        }
    }

    private void ready(SelectionKey key) {
        Stream stream = (Stream) key.attachment();
        try {
            if (key.isReadable()) {
                read(stream);
            } else if (stream.channel().finishConnect()) {
                send(key, stream);
            }
        } catch (IOException e) {
            throw new Uncaught(e);
        }
    }

    private static void send(SelectionKey key, Stream stream) throws IOException {
        while (stream.request().hasRemaining()) {
            if (stream.channel().write(stream.request()) == 0) {
                throw new IOException("the request of a stream did not fit into the socket's buffer");
            }
        }
        key.interestOps(SelectionKey.OP_READ);
    }

    private void read(Stream stream) throws IOException {
        buffer.clear();
        int count = stream.channel().read(buffer);
        long nowNs = System.nanoTime();
        if (count < 0) {
            throw new IOException("the server ended a stream");
        }
        buffer.flip();
        buffer.get(bytes, 0, count);
        boolean wasOpen = stream.response().isOpen();
        if (stream.response().take(bytes, count, nowNs)) {
            // Written by this thread alone.
            readsWithFrames.lazySet(readsWithFrames.getPlain() + 1);
        }
        if (!wasOpen && stream.response().isOpen()) {
            connecting--;
            if (opened.getCount() == 1) {
                openedNs = nowNs;
            }
            opened.countDown();
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        closed = true;
        selector.wakeup();
        thread.join();
        for (SocketChannel channel : channels) {
            channel.close();
        }
        selector.close();
    }

    /** Carries a failure out of a callback that may not throw. */
    private static final class Uncaught extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final IOException cause;

        Uncaught(IOException cause) {
            super(cause);
            this.cause = cause;
        }
    }
}
