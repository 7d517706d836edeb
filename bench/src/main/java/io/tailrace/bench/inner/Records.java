package io.tailrace.bench.inner;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.BatchBuilder;
import io.tailrace.edge.window.PartitionId;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/** Records like those of {@code bench edge}: frames of about 230 bytes. */
final class Records {
    static final PartitionId PARTITION = new PartitionId(100, 0);
    static final Generation GENERATION = new Generation(77);
    static final String TYPE = "tick";
    static final String ID = "0199d0c4-7a11-7c3e-9d55-0242ac120002";
    static final String TIME = "2026-01-01T12:00:00.123Z";
    static final byte[] VALUE = ("{\"number\":1234567890123456,\"sent_at\":1234567890123456,\"text\":\""
                    + "x".repeat(24) + "\"}")
            .getBytes(StandardCharsets.US_ASCII);

    private Records() {}

    /** A batch of records, each on the channel of its place. */
    static Batch batch(long from, int count, IntFunction<String> channel) {
        BatchBuilder builder = new BatchBuilder(PARTITION, GENERATION, from);
        for (int i = 0; i < count; i++) {
            builder.add(from + i, channel.apply(i), TYPE, ID, TIME, VALUE);
        }
        return builder.build(from + count);
    }

    /** A frame of the same content, put together as text. */
    static String frame(long nextOffset, String channel) {
        return "id: " + nextOffset + "\nevent: " + TYPE + "\ndata: {\"channel\":\"" + channel + "\",\"id\":\"" + ID
                + "\",\"time\":\"" + TIME + "\",\"data\":" + new String(VALUE, StandardCharsets.UTF_8) + "}\n\n";
    }
}
