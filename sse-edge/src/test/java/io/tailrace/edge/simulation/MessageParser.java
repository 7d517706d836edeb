package io.tailrace.edge.simulation;

import io.tailrace.edge.simulation.SseParser.Block;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames that a server of WebSocket sends (RFC 6455, section 5), and each text message as the block that it would be in
 * {@code text/event-stream}. Fails on any frame that the edge must not send.
 */
public final class MessageParser implements BlockParser {
    private static final Pattern MESSAGE = Pattern.compile(
            "\\{(?:\"id\":\"([A-Za-z0-9_-]+)\")?,?(?:\"event\":\"((?:[^\"\\\\]|\\\\.)*)\"(?:,\"retry\":(\\d+))?,\"data\":(.*))?}",
            Pattern.DOTALL);

    private final Consumer<Block> blocks;
    private final ByteArrayOutputStream unread = new ByteArrayOutputStream();
    private final ByteArrayOutputStream fragments = new ByteArrayOutputStream();
    private boolean fragmented;

    /** Where the frame starts that is read. */
    private long startByte;

    private long read;
    private int pings;
    private int closeStatus;

    /** A parser that reports to {@code blocks}. */
    public MessageParser(Consumer<Block> blocks) {
        this.blocks = blocks;
    }

    /** How many Pings were read. */
    public int pings() {
        return pings;
    }

    /** The status of the Close, 0 before it. */
    public int closeStatus() {
        return closeStatus;
    }

    @Override
    public void feed(byte[] bytes, int from, int length) {
        unread.write(bytes, from, length);
        ByteBuffer in = ByteBuffer.wrap(unread.toByteArray());
        int whole = 0;
        while (frame(in)) {
            whole = in.position();
        }
        if (whole > 0) {
            unread.reset();
            unread.write(in.array(), whole, in.limit() - whole);
        }
    }

    private boolean frame(ByteBuffer in) {
        int start = in.position();
        if (in.remaining() < 2) {
            return false;
        }
        int first = in.get() & 0xff;
        int length = in.get();
        int more = length == 126 ? 2 : length == 127 ? 8 : 0;
        if (in.remaining() < more) {
            return false;
        }
        if (more > 0) {
            length = more == 2 ? in.getShort() & 0xffff : Math.toIntExact(in.getLong());
            if (length < (more == 2 ? 126 : 1 << 16)) {
                throw new AssertionError("a length of " + length + " that is not in its shortest form");
            }
        }
        if (length < 0 || closeStatus != 0) {
            throw new AssertionError(length < 0 ? "a masked frame" : "a frame after the Close");
        }
        if (in.remaining() < length) {
            return false;
        }
        byte[] payload = new byte[length];
        in.get(payload);
        if (!fragmented) {
            startByte = read;
        }
        frame(first, payload);
        read += in.position() - start;
        return true;
    }

    private void frame(int first, byte[] payload) {
        switch (first) {
            case 0x81 -> {
                requireBetweenMessages(first);
                message(payload);
            }
            case 0x01 -> {
                requireBetweenMessages(first);
                fragmented = true;
                fragments.writeBytes(payload);
            }
            case 0x00, 0x80 -> {
                if (!fragmented) {
                    throw new AssertionError("a continuation of nothing");
                }
                fragments.writeBytes(payload);
                if (first == 0x80) {
                    fragmented = false;
                    message(fragments.toByteArray());
                    fragments.reset();
                }
            }
            case 0x88 -> closeStatus = ByteBuffer.wrap(payload).getShort();
            case 0x89 -> pings++;
            default -> throw new AssertionError("a frame that begins with " + first);
        }
    }

    private void requireBetweenMessages(int first) {
        if (fragmented) {
            throw new AssertionError("a frame that begins with " + first + " between fragments");
        }
    }

    private void message(byte[] payload) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(payload))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new AssertionError("not UTF-8", e);
        }
        Matcher matcher = MESSAGE.matcher(text);
        if (!matcher.matches()) {
            throw new AssertionError("not a message: " + text);
        }
        @Nullable String type = matcher.group(2);
        @Nullable String retry = matcher.group(3);
        blocks.accept(new Block(
                matcher.group(1),
                type == null ? "message" : type,
                matcher.group(4),
                retry == null ? -1 : Long.parseLong(retry),
                startByte));
    }
}
