package io.tailrace.edge.history;

import com.fasterxml.jackson.core.JsonParser;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.edge.history.PageRequest.Direction;
import io.tailrace.edge.stream.ResetReason;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.MessageText;
import io.tailrace.kit.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of a page, in pieces: {@code {"events": [{"id", "event", "data"}], "next", "position", "gap"?, "reset"?}}. Its events
 * are made of the bytes that streams get. Used by one thread for one page.
 */
final class PageBody {
    /** As much as a socket takes at once. */
    private static final int CHUNK = 64 * 1024;

    private final List<byte[]> chunks = new ArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(CHUNK / 8);

    private PageBody() {}

    /** Writes a page. */
    static List<byte[]> of(PageRequest request, Page page) {
        PageBody body = new PageBody();
        body.write(request, page);
        return body.chunks;
    }

    private void write(PageRequest request, Page page) {
        boolean backwards = request.direction() == Direction.BACKWARDS;
        List<Batch> batches = backwards ? page.events().reversed() : page.events();
        boolean first = true;
        for (Batch batch : batches) {
            for (int i = 0; i < batch.size(); i++) {
                text(first ? "{\"events\":[" : ",");
                first = false;
                event(batch, backwards ? batch.size() - 1 - i : i);
            }
        }
        text(first ? "{\"events\":[]" : "]");
        text(",\"next\":" + cursor(request, page, page.next()));
        text(",\"position\":" + cursor(request, page, page.position()));
        PageStart.Gap gap = page.start().gap();
        if (gap != null) {
            text(",\"gap\":{\"from\":" + gap.from() + ",\"to\":" + gap.to() + ",\"lost\":" + (gap.to() - gap.from())
                    + "}");
        }
        ResetReason reset = page.start().reset();
        if (reset != null) {
            text(",\"reset\":{\"reason\":\"" + reset.text() + "\"}");
        }
        text("}");
        chunks.add(out.toByteArray());
    }

    private static String cursor(PageRequest request, Page page, @Nullable PagePosition position) {
        Channel channel = request.channel();
        return position == null ? "null" : '"' + position.cursor(channel, request.partition(), page.generation()) + '"';
    }

    private void event(Batch batch, int i) {
        byte[] bytes = batch.bytes();
        text("{\"id\":\"");
        out.write(bytes, batch.idStart(i), batch.idEnd(i) - batch.idStart(i));
        text("\",\"event\":\"");
        if (batch.isPlain(i)) {
            out.write(bytes, batch.typeStart(i), batch.typeEnd(i) - batch.typeStart(i));
            text("\",\"data\":");
            data(bytes, batch.jsonStart(i), batch.jsonEnd(i));
        } else {
            byte[] rewritten = MessageText.rewritten(batch, i);
            int data = MessageText.dataStart(rewritten);
            out.write(rewritten, 0, data);
            data(rewritten, data, rewritten.length);
        }
        text("}");
        if (out.size() >= CHUNK) {
            chunks.add(out.toByteArray());
            out.reset();
        }
    }

    /** Whoever writes to the log may write what is no JSON: there it is a string, so that the other events can be read. */
    private void data(byte[] bytes, int from, int to) {
        if (isOneValue(bytes, from, to)) {
            out.write(bytes, from, to - from);
        } else {
            out.writeBytes(Json.write(new String(bytes, from, to - from, StandardCharsets.UTF_8)));
        }
    }

    private static boolean isOneValue(byte[] bytes, int from, int to) {
        try (JsonParser parser = Json.mapper().getFactory().createParser(bytes, from, to - from)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    private void text(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
