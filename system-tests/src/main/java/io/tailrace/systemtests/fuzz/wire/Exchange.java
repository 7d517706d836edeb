package io.tailrace.systemtests.fuzz.wire;

import io.tailrace.systemtests.fuzz.request.Case;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends cases, each on a connection of its own. Thread-safe. */
public final class Exchange implements AutoCloseable {
    private static final int QUIET_MS = 300;

    /** A stream of bytes in pieces shows what a decoder keeps between them. */
    private static final int PIECES = 3;

    private final InetSocketAddress server;
    private final int deadlineMs;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("fuzz-deadlines").factory());

    /**
     * To a port of the loopback interface.
     *
     * @param deadlineMs how long a connection may be neither answered nor closed
     */
    public Exchange(int port, int deadlineMs) {
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.deadlineMs = deadlineMs;
    }

    /** Sends one and reads what comes back. */
    public Outcome run(Case one) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(server, deadlineMs);
            socket.setSoTimeout(deadlineMs);
            // Ports that wait for the last packets of a closed connection would run out.
            socket.setSoLinger(one.number() % 8 != 0, 0);
            Future<?> cut = watch.schedule(() -> shut(socket), 2L * deadlineMs, TimeUnit.MILLISECONDS);
            try {
                return talk(one, socket);
            } finally {
                cut.cancel(false);
            }
        }
    }

    private static Outcome talk(Case one, Socket socket) throws IOException {
        InputStream in = new BufferedInputStream(socket.getInputStream());
        try {
            write(socket.getOutputStream(), one);
        } catch (IOException e) {
            // Closed while it was sent: the answer may be there.
        }
        try {
            AnswerReader reader = new AnswerReader(in);
            return switch (one.reading()) {
                case NOTHING -> new Outcome.Fine();
                case HTTP2 -> http2(in, socket);
                case ONE_ANSWER -> answered(reader.next(one.head()));
                case ALL_ANSWERS -> all(reader);
                case WEBSOCKET -> {
                    Answer answer = reader.next(one.head());
                    if (answer != null && answer.status() == 101) {
                        socket.setSoTimeout(QUIET_MS);
                        FrameReader.readWebSocket(in);
                    }
                    yield answered(answer);
                }
            };
        } catch (SocketTimeoutException e) {
            return new Outcome.Silent();
        } catch (AnswerReader.NonsenseException e) {
            return new Outcome.Nonsense(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            // In the middle of an answer.
            return one.answerOwed() ? new Outcome.Nonsense("cut: " + e.getMessage()) : new Outcome.Closed();
        }
    }

    private static void write(OutputStream out, Case one) throws IOException {
        byte[] bytes = one.bytes();
        if (one.number() % 5 != 0) {
            out.write(bytes);
            return;
        }
        int from = 0;
        for (int piece = 1; piece <= PIECES; piece++) {
            int to = (int) ((long) bytes.length * piece / PIECES);
            out.write(bytes, from, to - from);
            out.flush();
            Thread.yield();
            from = to;
        }
    }

    private static Outcome answered(@Nullable Answer answer) {
        return answer == null ? new Outcome.Closed() : new Outcome.Answered(List.of(answer));
    }

    private static Outcome all(AnswerReader reader) throws IOException {
        List<Answer> answers = new ArrayList<>();
        while (true) {
            Answer answer = reader.next(false);
            if (answer == null) {
                return answers.isEmpty() ? new Outcome.Closed() : new Outcome.Answered(answers);
            }
            answers.add(answer);
            if (answer.header("content-type").startsWith("text/event-stream") || answer.status() == 101) {
                return new Outcome.Answered(answers);
            }
        }
    }

    /** Until the server says goodbye or has said nothing for a while, which here is as good as an answer. */
    private static Outcome http2(InputStream in, Socket socket) throws IOException {
        socket.setSoTimeout(QUIET_MS);
        String wrong = FrameReader.readHttp2(in);
        return wrong == null ? new Outcome.Fine() : new Outcome.Nonsense(wrong);
    }

    private static void shut(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed.
        }
    }

    @Override
    public void close() {
        watch.shutdownNow();
    }
}
