package io.tailrace.kit.http;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** An HTTP/2 connection whose client sends whatever frames it likes (RFC 9113, section 4). */
final class RawHttp2 implements AutoCloseable {
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int GOAWAY = 7;

    private static final int UNKNOWN = 0xbe;

    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int ACK = 1;

    private final Socket socket;
    private final DataInputStream in;

    /** A frame that came. */
    record Frame(int type, int flags, int stream, byte[] payload) {
        /** The error code of a RST_STREAM, or that of a GOAWAY. */
        int errorCode() {
            int at = type == GOAWAY ? 4 : 0;
            return (payload[at] & 0xff) << 24
                    | (payload[at + 1] & 0xff) << 16
                    | (payload[at + 2] & 0xff) << 8
                    | payload[at + 3] & 0xff;
        }
    }

    RawHttp2(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        socket.setTcpNoDelay(true);
    }

    /** Says that it speaks HTTP/2, with no settings of its own. */
    RawHttp2 start() throws IOException {
        socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        send(SETTINGS, 0, 0, new byte[0]);
        return this;
    }

    /** Sends a whole request without a body. */
    void get(int stream, String target) throws IOException {
        send(HEADERS, END_STREAM | END_HEADERS, stream, request(0x82, target));
    }

    /** Sends the headers of a POST of JSON whose body never comes. */
    void begin(int stream, String target) throws IOException {
        send(HEADERS, END_HEADERS, stream, request(0x83, target));
    }

    /** Sends a block of headers as it is, behind which nothing comes. */
    void headers(int stream, byte... block) throws IOException {
        send(HEADERS, END_STREAM | END_HEADERS, stream, block);
    }

    /** Sends a frame of a type that nobody has defined. */
    void unknown(int stream) throws IOException {
        send(UNKNOWN, 0, stream, new byte[] {1, 2, 3});
    }

    /** The headers of a request without a host. */
    static byte[] request(String method, String path) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.write(0x86);
        literal(block, 2, method);
        literal(block, 4, path);
        return block.toByteArray();
    }

    /** A block of headers with one more. */
    static byte[] with(byte[] block, String name, String value) {
        ByteArrayOutputStream longer = new ByteArrayOutputStream();
        longer.writeBytes(block);
        longer.write(0);
        longer.write(name.length());
        longer.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        longer.write(value.length());
        longer.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
        return longer.toByteArray();
    }

    /** Begins a frame of headers and stops in its middle. */
    void beginHeaders(int stream) throws IOException {
        socket.getOutputStream().write(head(1000, HEADERS, END_HEADERS, stream));
        socket.getOutputStream().write(0x82);
    }

    /** Takes a request back. */
    void cancel(int stream) throws IOException {
        send(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
    }

    /** The next frame of that kind. */
    Frame next(Predicate<Frame> wanted) throws IOException {
        Frame frame = nextOrEnd(wanted);
        if (frame == null) {
            throw new AssertionError("the connection ended");
        }
        return frame;
    }

    /** The next frame of that kind; null if the connection ends before. */
    @Nullable
    Frame nextOrEnd(Predicate<Frame> wanted) throws IOException {
        try {
            while (true) {
                int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
                Frame frame =
                        new Frame(in.readUnsignedByte(), in.readUnsignedByte(), in.readInt(), in.readNBytes(length));
                if (frame.type == SETTINGS && (frame.flags & ACK) == 0) {
                    send(SETTINGS, ACK, 0, new byte[0]);
                }
                if (wanted.test(frame)) {
                    return frame;
                }
            }
        } catch (java.io.EOFException | java.net.SocketException e) {
            return null;
        }
    }

    /** Whether the server closes the connection, whatever it says before. */
    boolean ends() throws IOException {
        return nextOrEnd(frame -> false) == null;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void send(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(head(payload.length, type, flags, stream));
        frame.writeBytes(payload);
        socket.getOutputStream().write(frame.toByteArray());
    }

    private static byte[] head(int length, int type, int flags, int stream) {
        return new byte[] {
            (byte) (length >> 16),
            (byte) (length >> 8),
            (byte) length,
            (byte) type,
            (byte) flags,
            (byte) (stream >> 24),
            (byte) (stream >> 16),
            (byte) (stream >> 8),
            (byte) stream
        };
    }

    /** HPACK (RFC 7541): method and scheme from the static table, the rest literally and not remembered. */
    private static byte[] request(int method, String target) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.write(method);
        block.write(0x86);
        literal(block, 4, target);
        literal(block, 1, "localhost");
        block.write(0x0f);
        literal(block, 0x10, "application/json");
        return block.toByteArray();
    }

    private static void literal(ByteArrayOutputStream block, int name, String value) {
        block.write(name);
        int length = value.length();
        if (length < 127) {
            block.write(length);
        } else {
            block.write(127);
            int rest = length - 127;
            while (rest >= 128) {
                block.write(rest & 127 | 128);
                rest >>>= 7;
            }
            block.write(rest);
        }
        block.writeBytes(value.getBytes(StandardCharsets.ISO_8859_1));
    }
}
