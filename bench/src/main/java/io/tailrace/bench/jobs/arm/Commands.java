package io.tailrace.bench.jobs.arm;

import io.tailrace.bench.jobs.worker.EmptyHandler;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Requests for empty jobs, as records that ingest-api or the relay of the outbox would write. The id of a job follows from its number. */
final class Commands {
    private static final String TOPIC = "tailrace.job-commands";
    private static final String QUEUE = "default";
    private static final long VERSION_7 = 0x0190_f3c2_b0b0_7000L;
    private static final long VARIANT_2 = 0x8000_0000_0000_0000L;

    private Commands() {}

    static ProducerRecord<byte[], byte[]> enqueue(int number, @Nullable Instant runAt) {
        String id = id(number).toString();
        String json = "{\"command_id\":\"" + id + "\",\"queue\":\"" + QUEUE + "\",\"payload\":{\"number\":" + number
                + "},\"job\":{\"type\":\"" + EmptyHandler.TYPE + "\",\"priority\":5,\"run_at\":"
                + (runAt == null ? "null" : '"' + runAt.toString() + '"')
                + ",\"delay_seconds\":0,\"unique_key\":null,\"unique_seconds\":0,\"max_attempts\":5,\"timeout_seconds\":300,"
                + "\"key\":null,\"retry\":{\"first_delay_ms\":2000,\"longest_delay_ms\":600000,\"give_up_on\":[]}},"
                + "\"schedule\":null}";
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(TOPIC, bytes(QUEUE), bytes(json));
        record.headers()
                .add("ce_specversion", bytes("1.0"))
                .add("ce_id", bytes(id))
                .add("ce_type", bytes("job_enqueue_requested"))
                .add("ce_source", bytes("/tailrace/bench"))
                .add("ce_time", bytes("2026-01-01T00:00:00Z"))
                .add("ce_subject", bytes(QUEUE))
                .add("content-type", bytes("application/json"));
        return record;
    }

    static UUID id(int number) {
        return new UUID(VERSION_7, VARIANT_2 | number);
    }

    /** The number of a job; -1 if it is none of this benchmark. */
    static int number(UUID id) {
        long low = id.getLeastSignificantBits() & ~VARIANT_2;
        return id.getMostSignificantBits() == VERSION_7 && low <= Integer.MAX_VALUE ? (int) low : -1;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
