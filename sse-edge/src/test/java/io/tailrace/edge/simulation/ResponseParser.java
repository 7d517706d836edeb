package io.tailrace.edge.simulation;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.tailrace.edge.simulation.SseParser.Block;
import io.tailrace.grpc.channels.v1.Frame;
import io.tailrace.grpc.channels.v1.SubscribeResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames of {@code SubscribeResponse} with the generated classes, and each event as the block that it would be in {@code
 * text/event-stream}. Fails on any frame that the edge must not send.
 */
public final class ResponseParser implements BlockParser {
    private static final int TAG = SubscribeResponse.FRAMES_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    private final Consumer<Block> blocks;
    private final ByteArrayOutputStream unread = new ByteArrayOutputStream();
    private final ByteArrayOutputStream parts = new ByteArrayOutputStream();
    private @Nullable Frame first;
    private long startByte;
    private long read;
    private int empty;

    /** A parser that reports to {@code blocks}. */
    public ResponseParser(Consumer<Block> blocks) {
        this.blocks = blocks;
    }

    /** How many frames had nothing in them. */
    public int empty() {
        return empty;
    }

    @Override
    public void feed(byte[] bytes, int from, int length) {
        unread.write(bytes, from, length);
        byte[] all = unread.toByteArray();
        int whole = 0;
        int next;
        while ((next = frame(all, whole)) > whole) {
            read += next - whole;
            whole = next;
        }
        unread.reset();
        unread.write(all, whole, all.length - whole);
    }

    /** A response of a real call. */
    public void response(SubscribeResponse response) {
        response.getFramesList().forEach(frame -> {
            frame(frame);
            read += frame.getSerializedSize();
        });
    }

    /** Reads one frame, if it is there; where it ends. */
    private int frame(byte[] all, int from) {
        try {
            CodedInputStream in = CodedInputStream.newInstance(all, from, all.length - from);
            if (all.length - from < 2) {
                return from;
            }
            if (in.readTag() != TAG) {
                throw new AssertionError("a field that is not a frame");
            }
            int length = in.readRawVarint32();
            int start = from + in.getTotalBytesRead();
            if (all.length - start < length) {
                return from;
            }
            frame(Frame.parser().parseFrom(ByteBuffer.wrap(all, start, length)));
            return start + length;
        } catch (InvalidProtocolBufferException e) {
            if (all.length - from > 6) {
                throw new AssertionError("not a frame", e);
            }
            return from;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void frame(Frame frame) {
        Frame begun = first;
        if (begun == null) {
            startByte = read;
        } else if (!frame.getType().isEmpty()
                || !frame.getData().isEmpty()
                || frame.getPart().isEmpty()) {
            throw new AssertionError("within an event in parts: " + frame);
        }
        if (!frame.getUnknownFields().asMap().isEmpty()
                || (frame.getMore()
                        && !(frame.getData().isEmpty() && frame.getCursor().isEmpty()))) {
            throw new AssertionError("not a frame: " + frame);
        }
        if (frame.equals(Frame.getDefaultInstance())) {
            empty++;
        } else if (begun == null && frame.getPart().isEmpty()) {
            block(frame, frame, frame.getData());
        } else {
            parts.writeBytes(frame.getPart().toByteArray());
            first = begun == null ? frame : begun;
            if (!frame.getMore()) {
                block(begun == null ? frame : begun, frame, text(parts.toByteArray()));
                parts.reset();
                first = null;
            }
        }
    }

    /** An event that begins with a frame, and has its cursor in the last one. */
    private void block(Frame frame, Frame last, String data) {
        blocks.accept(new Block(
                last.getCursor().isEmpty() ? null : last.getCursor(),
                frame.getType().isEmpty() ? "message" : frame.getType(),
                frame.getType().isEmpty() ? null : data,
                frame.getRetryMs() == 0 ? -1 : frame.getRetryMs(),
                startByte));
    }

    private static String text(byte[] utf8) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new AssertionError("not UTF-8", e);
        }
    }
}
