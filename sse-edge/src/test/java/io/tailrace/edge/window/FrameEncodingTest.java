package io.tailrace.edge.window;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.CursorCodec;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.simulation.SseParser;
import io.tailrace.edge.simulation.SseParser.Block;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class FrameEncodingTest {
    private static final PartitionId PARTITION = new PartitionId(3, 5);
    private static final Generation GENERATION = new Generation(0xabcdef);

    @Property(tries = 500)
    void aValueComesOutOfTheParserWithItsLineBreaksAsLineFeeds(@ForAll("values") String value) {
        Batch batch = batch("t", value);

        Block block = parse(batch, batch.start(0), batch.end(0));

        assertThat(block.data())
                .isEqualTo("{\"channel\":\"chat:1\",\"id\":\"id-1\",\"time\":\"2026-01-01T00:00:00Z\",\"data\":"
                        + normalised(value) + "}");
    }

    @Property(tries = 500)
    void theBareFormIsMadeOfTheParts(@ForAll("values") String value) {
        Batch batch = batch("t", value);

        Block block = parse(bare(batch));

        assertThat(block.data()).isEqualTo(normalised(value));
        assertThat(block.type()).isEqualTo("t");
    }

    @Property(tries = 300)
    void aTypeFromTheLogNeverBreaksTheFrameNorPassesForAControlEvent(@ForAll String type) {
        Batch batch = batch(type, "1");

        List<Block> blocks = blocks(batch, batch.start(0), batch.end(0));

        assertThat(blocks).hasSize(1);
        assertThat(blocks.getFirst().type()).doesNotStartWith("stream.");
        assertThat(blocks.getFirst().data()).endsWith("\"data\":1}");
    }

    @Property(tries = 300)
    void aTypeOfABrowsersOwnEventsIsDeliveredUnderAnotherName(@ForAll("reserved") String type) {
        Batch batch = batch(type, "1");

        assertThat(parse(batch, batch.start(0), batch.end(0)).type()).isEqualTo("_" + type);
    }

    @Property(tries = 500)
    void aFrameHasNoCharacterAtWhichAnotherLanguageEndsALine(
            @ForAll("lineEnds") String text, @ForAll("lineEnds") String type) throws IOException {
        ObjectMapper json = new ObjectMapper();
        Batch batch = new BatchBuilder(PARTITION, GENERATION, 0)
                .add(0, "chat:1", "t" + type, text, "now", json.writeValueAsBytes(text))
                .build(1);

        String frame = new String(batch.bytes(), batch.start(0), batch.end(0) - batch.start(0), StandardCharsets.UTF_8);

        assertThat(frame).doesNotContainPattern("[\\x00\\x0b\\x0c\\r\\x1c-\\x1e\\x85\\u2028\\u2029]");
        assertThat(frame.lines()).hasSize(4);
        JsonNode data = json.readTree(
                String.valueOf(parse(batch, batch.start(0), batch.end(0)).data()));
        assertThat(data.get("data").asText()).isEqualTo(text);
        assertThat(data.get("id").asText()).isEqualTo(text);
    }

    @Property(tries = 300)
    void aValueThatIsNoJsonHasNoneEither(@ForAll("lineEnds") String value) {
        Batch batch = batch("t", value);

        String frame = new String(batch.bytes(), batch.start(0), batch.end(0) - batch.start(0), StandardCharsets.UTF_8);

        assertThat(frame).doesNotContainPattern("[\\x0b\\x0c\\r\\x1c-\\x1e\\x85\\u2028\\u2029]");
    }

    @Property(tries = 300)
    void theEnvelopeIsJsonWhateverTheAttributesAre(@ForAll String id, @ForAll String time) throws IOException {
        Batch batch = new BatchBuilder(PARTITION, GENERATION, 0)
                .add(0, "chat:1", "t", id, time, "{\"a\":[1]}".getBytes(StandardCharsets.UTF_8))
                .build(1);

        JsonNode data = new ObjectMapper()
                .readTree(String.valueOf(
                        parse(batch, batch.start(0), batch.end(0)).data()));

        assertThat(data.get("id").asText()).isEqualTo(wellFormed(id));
        assertThat(data.get("time").asText()).isEqualTo(wellFormed(time));
        assertThat(data.at("/data/a/0").asInt()).isEqualTo(1);
    }

    @Test
    void theIdOfAFrameIsThePositionAfterIt() {
        Batch batch = new BatchBuilder(PARTITION, GENERATION, 40)
                .add(41, "chat:1", "t", "i", "now", null)
                .build(50);

        Block block = parse(batch, batch.start(0), batch.end(0));

        assertThat(block.id())
                .isEqualTo(CursorCodec.encode(new Cursor(List.of(
                        new Cursor.TopicPosition(3, GENERATION, List.of(new Cursor.PartitionPosition(5, 42)))))));
        assertThat(block.data()).endsWith("\"data\":null}");
    }

    @Test
    void theIndexHasThePositionsOfEachChannel() {
        Batch batch = new BatchBuilder(PARTITION, GENERATION, 0)
                .add(0, "chat:1", "t", "i", "now", null)
                .add(2, "chat:2", "t", "i", "now", null)
                .add(3, "chat:1", "t", "i", "now", null)
                .build(9);

        assertThat(batch.positions("chat:1")).containsExactly(0, 2);
        assertThat(batch.positions("chat:2")).containsExactly(1);
        assertThat(batch.positions("chat:3")).isEmpty();
        assertThat(batch.firstAtOrAfter(1)).isEqualTo(1);
        assertThat(batch.firstAtOrAfter(4)).isEqualTo(3);
    }

    @Provide
    Arbitrary<String> reserved() {
        return Arbitraries.of("error", "open", "message", "stream.open");
    }

    @Provide
    Arbitrary<String> lineEnds() {
        return Arbitraries.strings()
                .withChars("a\u00e9\u2027\u202a\u00c2\u0000\u000b\u000c\r\n\u001c\u001d\u001e\u0085\u2028\u2029")
                .ofMaxLength(12);
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.strings().withChars("ab{}\",:  \r\n\r\n\u00e9\u4e2d").ofMaxLength(30);
    }

    private static Batch batch(String type, String value) {
        return new BatchBuilder(PARTITION, GENERATION, 0)
                .add(0, "chat:1", type, "id-1", "2026-01-01T00:00:00Z", value.getBytes(StandardCharsets.UTF_8))
                .build(1);
    }

    private static byte[] bare(Batch batch) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(batch.bytes(), batch.start(0), batch.dataStart(0) - batch.start(0));
        out.writeBytes("data: ".getBytes(StandardCharsets.US_ASCII));
        out.write(batch.bytes(), batch.valueStart(0), batch.valueEnd(0) - batch.valueStart(0));
        out.writeBytes("\n\n".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private static Block parse(byte[] bytes) {
        List<Block> blocks = new ArrayList<>();
        new SseParser(blocks::add).feed(bytes, 0, bytes.length);
        assertThat(blocks).hasSize(1);
        return blocks.getFirst();
    }

    private static Block parse(Batch batch, int from, int to) {
        List<Block> blocks = blocks(batch, from, to);
        assertThat(blocks).hasSize(1);
        return blocks.getFirst();
    }

    private static List<Block> blocks(Batch batch, int from, int to) {
        List<Block> blocks = new ArrayList<>();
        new SseParser(blocks::add).feed(batch.bytes(), from, to - from);
        return blocks;
    }

    private static String normalised(String value) {
        return value.replace("\r\n", "\n").replace('\r', '\n');
    }

    /** A lone surrogate has no UTF-8; Java writes a question mark for it. */
    private static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
