package io.tailrace.edge.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A client of RFC 6455 on a plain socket, which can also do what a client must not. */
public final class WebSocketClient extends SseMessages {
    /** The key of RFC 6455, section 1.3, and what a server makes of it. */
    public static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    public static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NO_STATUS = 0;

    private final Socket socket;
    private final DataInputStream in;
    private final Map<String, String> headers = new TreeMap<>();
    private final List<String> pongs = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream fragments = new ByteArrayOutputStream();
    private volatile boolean silent;
    private volatile int closeStatus = NO_STATUS;
    private volatile boolean closeSeen;
    private volatile boolean closeSent;
    private volatile String closeReason = "";

    private WebSocketClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 512));
    }

    /** The headers of a good handshake. */
    public static String[] upgrade(String... more) {
        String[] all = new String[4 + more.length];
        all[0] = "Connection: keep-alive, Upgrade";
        all[1] = "Upgrade: WebSocket";
        all[2] = "Sec-WebSocket-Version: 13";
        all[3] = "Sec-WebSocket-Key: " + KEY;
        System.arraycopy(more, 0, all, 4, more.length);
        return all;
    }

    /** Opens a WebSocket and reads it; fails if it is refused. */
    public static WebSocketClient open(int port, String target, String... headers) {
        return connect(port, target, 0, headers).read();
    }

    /** Asks for a WebSocket, and reads nothing before {@link #read}. */
    public static WebSocketClient connect(int port, String target, int receiveBufferBytes, String... headers) {
        try {
            Socket socket = new Socket();
            if (receiveBufferBytes > 0) {
                socket.setReceiveBufferSize(receiveBufferBytes);
            }
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
            socket.setTcpNoDelay(true);
            socket.getOutputStream()
                    .write(SseClient.get(target, upgrade(headers)).getBytes(StandardCharsets.UTF_8));
            return new WebSocketClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the answer's head and no more; fails if the WebSocket is refused. */
    public WebSocketClient head() {
        try {
            String status = line(in);
            if (!status.equals("HTTP/1.1 101 Switching Protocols")) {
                throw new AssertionError(status);
            }
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                int colon = line.indexOf(':');
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the answer's head if it was not read, and then frames on a thread of its own. */
    public WebSocketClient read() {
        if (headers.isEmpty()) {
            head();
        }
        try {
            socket.setSoTimeout(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(() -> readFrames(in));
        return this;
    }

    /** A header of the answer, or the empty string. */
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** From now on it answers no Ping. */
    public WebSocketClient silent() {
        silent = true;
        return this;
    }

    /** What the Pongs so far carried. */
    public List<String> pongs() {
        return pongs;
    }

    /** The status of the server's Close; 0 if it had none. */
    public int closeStatus() {
        return closeStatus;
    }

    /** Whether the server has sent a Close. */
    public boolean closeSeen() {
        return closeSeen;
    }

    /** The text of the server's Close. */
    public String closeReason() {
        return closeReason;
    }

    /** Sends a frame with this first byte as a client must. */
    public WebSocketClient send(int first, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length).put((byte) first);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < 1 << 16) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        byte[] mask = {1, 2, 3, 4};
        frame.put(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ mask[i % 4]));
        }
        byte[] bytes = new byte[frame.flip().remaining()];
        frame.get(bytes);
        return raw(bytes);
    }

    /** Sends a Close. */
    public WebSocketClient sendClose(int status, String reason) {
        closeSent = true;
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        return send(
                0x88,
                ByteBuffer.allocate(2 + text.length)
                        .putShort((short) status)
                        .put(text)
                        .array());
    }

    /** Sends bytes as they are. */
    public synchronized WebSocketClient raw(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the connection with a RST, as a crash would. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readFrames(DataInputStream in) {
        try {
            for (int first = in.read(); first >= 0; first = in.read()) {
                int second = in.readUnsignedByte();
                long length =
                        switch (second) {
                            case 126 -> in.readUnsignedShort();
                            case 127 -> in.readLong();
                            default -> second;
                        };
                if (length < 0 || second > 127 || closeSeen) {
                    received("broken", "a frame of " + second + " " + length, null, 0);
                    return;
                }
                frame(first, in.readNBytes((int) length));
            }
        } catch (IOException e) {
            // A reset is an end like any other.
        } finally {
            ended();
        }
    }

    private void frame(int first, byte[] payload) throws IOException {
        switch (first) {
            case 0x81, 0x01, 0x00, 0x80 -> {
                fragments.writeBytes(payload);
                if ((first & 0x80) != 0) {
                    byte[] whole = fragments.toByteArray();
                    fragments.reset();
                    text(whole);
                }
            }
            case 0x89 -> {
                beat();
                if (!silent) {
                    send(0x8a, payload);
                }
            }
            case 0x8a -> pongs.add(new String(payload, StandardCharsets.UTF_8));
            case 0x88 -> {
                closeSeen = true;
                if (payload.length > 1) {
                    closeStatus = ByteBuffer.wrap(payload).getShort();
                    closeReason = new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
                }
                if (!silent && !closeSent) {
                    send(0x88, payload.length > 1 ? new byte[] {payload[0], payload[1]} : payload);
                }
            }
            default -> received("broken", "first byte " + first, null, 0);
        }
    }

    private void text(byte[] payload) throws IOException {
        JsonNode message = JSON.readTree(StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(payload))
                .toString());
        received(
                message.has("event") ? message.get("event").asText() : null,
                message.path("data").toString(),
                message.has("id") ? message.get("id").asText() : null,
                message.path("retry").asInt());
    }

    private static String line(DataInputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.readUnsignedByte(); b != '\n'; b = in.readUnsignedByte()) {
            line.write(b);
        }
        return line.toString(StandardCharsets.US_ASCII).strip();
    }
}
