package io.tailrace.bench.seats.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Requests over a number of kept connections, one request at a time on each; further ones wait in line. One thread does it
 * all and calls back; what callers keep needs no locks if only callbacks touch it.
 */
public final class HttpPool implements AutoCloseable {
    private static final int READ_BYTES = 1 << 16;

    private final InetSocketAddress server;
    private final int maxConnections;
    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Later> timers = new PriorityQueue<>(Comparator.comparingLong(Later::atNs));
    private final ArrayDeque<Waiting> line = new ArrayDeque<>();
    private final ArrayDeque<Connection> idle = new ArrayDeque<>();
    private final List<Connection> all = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
    private volatile boolean closed;
    private volatile @Nullable Throwable failure;

    private record Later(long atNs, Runnable task) {}

    private record Waiting(byte[] request, Consumer<HttpAnswer> callback) {}

    /** A connection and the request that is under way on it. */
    private static final class Connection {
        private final SocketChannel channel;
        private final AnswerParser parser = new AnswerParser();
        private @Nullable Waiting current;
        private ByteBuffer unsent = ByteBuffer.allocate(0);
        private long sentNs;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }
    }

    /**
     * A pool without connections; they are made when they are wanted.
     *
     * @param origin for example {@code http://127.0.0.1:8080}
     */
    public HttpPool(String origin, int maxConnections) throws IOException {
        URI uri = URI.create(origin);
        this.server = new InetSocketAddress(uri.getHost(), uri.getPort());
        this.maxConnections = maxConnections;
        this.selector = Selector.open();
        this.thread = new Thread(this::run, "http-pool");
        thread.start();
    }

    /** Runs something on the pool's thread. Any thread may ask. */
    public void run(Runnable task) {
        inbox.add(task);
        selector.wakeup();
    }

    /** Sends a request. Any thread may ask; the callback is called once, on the pool's thread. */
    public void send(byte[] request, Consumer<HttpAnswer> callback) {
        run(() -> line.add(new Waiting(request, callback)));
    }

    /** Runs something later. On the pool's thread only. */
    public void later(long delayMs, Runnable task) {
        timers.add(new Later(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMs), task));
    }

    /** Throws if a callback has failed: then nothing is done any more. */
    public void check() {
        Throwable fault = failure;
        if (fault != null) {
            throw new IllegalStateException("the load client has failed", fault);
        }
    }

    private void run() {
        try {
            while (!closed) {
                for (Runnable task = inbox.poll(); task != null; task = inbox.poll()) {
                    task.run();
                }
                long now = System.nanoTime();
                for (Later next = timers.peek(); next != null && next.atNs() <= now; next = timers.peek()) {
                    timers.remove();
                    next.task().run();
                }
                dispatch();
                Later next = timers.peek();
                long waitMs = next == null ? 100 : Math.clamp((next.atNs() - now) / 1_000_000, 1, 100);
                if (inbox.isEmpty()) {
                    selector.select(this::ready, waitMs);
                } else {
                    selector.selectNow(this::ready);
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
        }
    }

    private void dispatch() throws IOException {
        while (!line.isEmpty()) {
            Connection connection = idle.poll();
            if (connection == null && all.size() < maxConnections) {
                connection = connect();
            }
            if (connection == null) {
                return;
            }
            Waiting next = line.remove();
            connection.current = next;
            connection.unsent = ByteBuffer.wrap(next.request());
            connection.sentNs = System.nanoTime();
            try {
                write(connection);
            } catch (IOException e) {
                fail(connection);
            }
        }
    }

    private @Nullable Connection connect() throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.connect(server);
            channel.configureBlocking(false);
        } catch (IOException e) {
            channel.close();
            Waiting next = line.remove();
            long now = System.nanoTime();
            next.callback().accept(new HttpAnswer(0, new byte[0], now, now));
            return null;
        }
        Connection connection = new Connection(channel);
        all.add(connection);
        channel.register(selector, SelectionKey.OP_READ, connection);
        return connection;
    }

    private void write(Connection connection) throws IOException {
        while (connection.unsent.hasRemaining()) {
            if (connection.channel.write(connection.unsent) == 0) {
                connection.channel.keyFor(selector).interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                return;
            }
        }
        connection.channel.keyFor(selector).interestOps(SelectionKey.OP_READ);
    }

    private void ready(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        try {
            if (key.isValid() && key.isWritable()) {
                write(connection);
            }
            if (key.isValid() && key.isReadable()) {
                read(connection);
            }
        } catch (IOException e) {
            fail(connection);
        }
    }

    private void read(Connection connection) throws IOException {
        buffer.clear();
        int count = connection.channel.read(buffer);
        if (count < 0) {
            throw new IOException("ended");
        }
        if (!connection.parser.take(buffer.array(), count)) {
            return;
        }
        Waiting done = connection.current;
        HttpAnswer answer = connection.parser.answer(connection.sentNs, System.nanoTime());
        connection.current = null;
        idle.add(connection);
        if (done != null) {
            done.callback().accept(answer);
        }
    }

    private void fail(Connection connection) {
        all.remove(connection);
        idle.remove(connection);
        try {
            connection.channel.close();
        } catch (IOException e) {
            // It is gone, which is what was wanted.
        }
        Waiting lost = connection.current;
        if (lost != null) {
            connection.current = null;
            lost.callback().accept(new HttpAnswer(0, new byte[0], connection.sentNs, System.nanoTime()));
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        closed = true;
        selector.wakeup();
        thread.join();
        for (Connection connection : all) {
            connection.channel.close();
        }
        selector.close();
    }
}
