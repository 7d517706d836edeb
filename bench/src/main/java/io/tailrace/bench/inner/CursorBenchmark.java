package io.tailrace.bench.inner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.CursorCodec;
import io.tailrace.contracts.cursor.CursorDecoding;
import io.tailrace.contracts.cursor.CursorEncoder;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Positions to an id and back, beside a JSON object in Base64. */
@State(Scope.Thread)
public class CursorBenchmark {
    private static final long FIRST_OFFSET = 10_000_000;
    private static final int EPOCH = 5;
    private static final byte[] MEMBER = {1, 2, 3};

    private final CursorEncoder encoder = new CursorEncoder();
    private final ObjectMapper mapper = new ObjectMapper();

    /** How many partitions the stream reads. */
    @Param({"1", "24"})
    public int partitions;

    private long offset = FIRST_OFFSET;
    private String text = "";
    private String json = "";

    /** Makes what is decoded. */
    @Setup
    public void encodeOnce() throws JsonProcessingException {
        text = CursorCodec.encode(new Cursor(List.of(new Cursor.TopicPosition(
                Records.PARTITION.namespace(),
                Records.GENERATION,
                IntStream.range(0, partitions)
                        .mapToObj(i -> new Cursor.PartitionPosition(
                                i, FIRST_OFFSET + i, EPOCH, Cursor.Members.of("one:" + i), List.of()))
                        .toList()))));
        json = baselineEncode();
    }

    /** As the edge does it for each event of a stream with several partitions: into a buffer that it keeps. */
    @Benchmark
    public int tailraceEncode() {
        offset++;
        encoder.start(1);
        encoder.topic(Records.PARTITION.namespace(), Records.GENERATION.bits(), partitions);
        for (int i = 0; i < partitions; i++) {
            encoder.partition(i, offset + i, EPOCH, 1, 0);
            encoder.members(MEMBER);
        }
        return encoder.finish();
    }

    /** As one would write it first. */
    @Benchmark
    public String baselineEncode() throws JsonProcessingException {
        offset++;
        Map<String, Long> positions = new TreeMap<>();
        for (int i = 0; i < partitions; i++) {
            positions.put("one-" + i, offset + i);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(mapper.writeValueAsBytes(positions));
    }

    /** A client comes back. */
    @Benchmark
    public CursorDecoding tailraceDecode() {
        return CursorCodec.decode(text);
    }

    /** The same for the JSON object. */
    @Benchmark
    public Object baselineDecode() throws IOException {
        return mapper.readValue(Base64.getUrlDecoder().decode(json), Map.class);
    }
}
