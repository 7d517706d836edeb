package io.tailrace.workers.email;

import io.tailrace.backends.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * A mail server that answers as a test says: for faults that a real one does not have. It takes one connection after the other, and
 * keeps the lines that it got.
 */
final class ScriptedSmtp implements AutoCloseable {
    /** Says nothing more, and keeps the connection. */
    static final String HANG = "HANG";

    /** Closes the connection. */
    static final String CLOSE = "CLOSE";

    /** What stands for the greeting and for the dot after a message in a script. */
    static final String GREETING = "GREETING";

    static final String DOT = ".";

    private static final Map<String, String> USUAL = Map.of(
            GREETING,
            "220 scripted",
            "EHLO",
            "250 scripted",
            "MAIL",
            "250 ok",
            "RCPT",
            "250 ok",
            "DATA",
            "354 go on",
            DOT,
            "250 taken",
            "QUIT",
            "221 bye",
            "RSET",
            "250 ok",
            "AUTH",
            "235 ok");

    final List<String> lines = new CopyOnWriteArrayList<>();
    final CountDownLatch hanging = new CountDownLatch(1);
    private final Map<String, String> script;
    private final ServerSocket socket;
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final Thread thread;

    /** A server whose answers to some commands, by their first word, are other ones than usual. */
    ScriptedSmtp(Map<String, String> script) throws IOException {
        this.script = script;
        this.socket = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"));
        this.thread = Thread.ofPlatform().daemon().name("scripted-smtp").start(this::serve);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                connections.add(connection);
                Thread.ofVirtual().start(() -> talk(connection));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void talk(Socket connection) {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
            boolean isOpen = answer(connection, GREETING);
            boolean isData = false;
            String line = isOpen ? in.readLine() : null;
            while (line != null) {
                lines.add(line);
                String word = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
                if (!isData || line.equals(DOT)) {
                    isOpen = answer(connection, isData ? DOT : word);
                    isData = !isData && word.equals("DATA") && answerTo(word).startsWith("354");
                }
                line = isOpen ? in.readLine() : null;
            }
        } catch (IOException e) {
            // The client is gone.
        }
    }

    private String answerTo(String word) {
        return script.getOrDefault(word, USUAL.getOrDefault(word, "500 unknown"));
    }

    /** Whether the connection goes on. */
    private boolean answer(Socket connection, String word) throws IOException {
        for (String part : answerTo(word).split("\\|")) {
            switch (part) {
                case HANG -> {
                    hanging.countDown();
                    return true;
                }
                case CLOSE -> {
                    connection.close();
                    return false;
                }
                default -> connection.getOutputStream().write((part + "\r\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        return true;
    }

    @Override
    public void close() throws Exception {
        socket.close();
        for (Socket connection : connections) {
            connection.close();
        }
        Eventually.ends("the server ends", thread);
    }
}
