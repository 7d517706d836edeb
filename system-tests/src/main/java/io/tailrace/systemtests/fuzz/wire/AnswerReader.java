package io.tailrace.systemtests.fuzz.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads answers of HTTP/1.1 by the letter of RFC 9112. For one thread. */
final class AnswerReader {
    private static final int MAX_LINE = 65_536;
    private static final int MAX_BODY = 256 << 20;
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

    private final InputStream in;

    AnswerReader(InputStream in) {
        this.in = in;
    }

    /** What came is not an answer. */
    static final class NonsenseException extends IOException {
        private static final long serialVersionUID = 1;

        NonsenseException(String what) {
            super(what);
        }
    }

    /**
     * The next answer that is not interim; null if the connection ends before its first byte.
     *
     * @param toHead whether the request was one of HEAD
     */
    @Nullable
    Answer next(boolean toHead) throws IOException {
        while (true) {
            String line = firstLine();
            if (line == null) {
                return null;
            }
            if (!line.matches("HTTP/1\\.[01] [1-5][0-9][0-9] [\\x20-\\x7e]*")) {
                throw new NonsenseException("the status line is " + shown(line));
            }
            int status = Integer.parseInt(line.substring(9, 12));
            Map<String, List<String>> headers = headers();
            if (status >= 200 || status == 101) {
                return new Answer(status, headers, body(status, headers, toHead));
            }
        }
    }

    private @Nullable String firstLine() throws IOException {
        int first;
        try {
            first = in.read();
        } catch (java.net.SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            // A reset: what was not read by the server takes its answer with it.
            return null;
        }
        return first < 0 ? null : line(first);
    }

    private String line(int first) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = first; b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the end in the middle of a line");
            }
            if (line.size() > MAX_LINE) {
                throw new NonsenseException("a line of more than " + MAX_LINE + " bytes");
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        if (!text.endsWith("\r")) {
            throw new NonsenseException("a line without CR: " + shown(text));
        }
        return text.substring(0, text.length() - 1);
    }

    private Map<String, List<String>> headers() throws IOException {
        Map<String, List<String>> headers = new HashMap<>();
        for (String line = line(in.read()); !line.isEmpty(); line = line(in.read())) {
            int colon = line.indexOf(':');
            if (colon < 0 || !line.substring(0, colon).matches(TOKEN) || !line.matches("[\\t\\x20-\\x7e]*")) {
                throw new NonsenseException("a header is " + shown(line));
            }
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return headers;
    }

    private byte[] body(int status, Map<String, List<String>> headers, boolean toHead) throws IOException {
        if (toHead || status == 204 || status == 304 || status == 101) {
            return new byte[0];
        }
        List<String> lengths = headers.getOrDefault("content-length", List.of());
        List<String> codings = headers.getOrDefault("transfer-encoding", List.of());
        if (lengths.size() + codings.size() > 1) {
            throw new NonsenseException("lengths " + lengths + ", codings " + codings);
        }
        if (headers.getOrDefault("content-type", List.of("")).getFirst().startsWith("text/event-stream")) {
            return firstEvent();
        }
        if (!codings.isEmpty()) {
            return chunks();
        }
        if (lengths.isEmpty()) {
            return in.readNBytes(MAX_BODY);
        }
        if (!lengths.getFirst().matches("[0-9]{1,9}")) {
            throw new NonsenseException("Content-Length: " + lengths.getFirst());
        }
        return exactly(Integer.parseInt(lengths.getFirst()));
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("a body of " + bytes.length + " bytes, announced were " + length);
        }
        return bytes;
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String size = line(in.read());
            if (!size.matches("[0-9a-fA-F]{1,7}")) {
                throw new NonsenseException("the size of a chunk is " + shown(size));
            }
            int length = Integer.parseInt(size, 16);
            body.writeBytes(exactly(length));
            if (!line(in.read()).isEmpty()) {
                throw new NonsenseException(length == 0 ? "trailers" : "a chunk that is longer than it says");
            }
            if (length == 0) {
                return body.toByteArray();
            }
        }
    }

    /** A stream has no end: its first frame with an event is enough. */
    private byte[] firstEvent() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int last = 0;
        boolean event = false;
        while (text.size() < MAX_LINE * 16) {
            int b = in.read();
            if (b < 0) {
                return text.toByteArray();
            }
            text.write(b);
            if (b == '\n' && last == '\n') {
                event |= text.toString(StandardCharsets.UTF_8).contains("data:");
                if (event) {
                    return text.toByteArray();
                }
            }
            last = b;
        }
        throw new NonsenseException("a stream without an event");
    }

    static String shown(String text) {
        String printable = text.replaceAll("[^\\x20-\\x7e]", "?");
        return '"' + printable.substring(0, Math.min(200, printable.length())) + '"';
    }
}
