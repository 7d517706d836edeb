package io.tailrace.systemtests.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A worker that does with the jobs of a queue what a test says, over the topics of docs/jobs.md. Not thread-safe. */
public final class PlayedWorker implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(100);

    private final String queue;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> released;
    /** Of each job the token of its last release that was read, and of the attempt that was begun. */
    private final Map<String, Long> tokens = new HashMap<>();

    private final Map<String, Long> begun = new HashMap<>();

    /** A worker of a queue. */
    public PlayedWorker(String bootstrap, String queue) {
        this.queue = queue;
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArraySerializer(), new ByteArraySerializer());
        this.released = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        String topic = "tailrace.job-ready." + queue;
        List<TopicPartition> partitions = released.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        released.assign(partitions);
        released.seekToBeginning(partitions);
    }

    /** Begins the attempt of a job that is released, or will be. */
    public void start(String job) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (tokens.getOrDefault(job, 0L) <= begun.getOrDefault(job, 0L)) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("the job " + job + " is not released");
            }
            for (ConsumerRecord<byte[], byte[]> record : released.poll(POLL)) {
                JsonNode value = JSON.readTree(record.value());
                tokens.put(value.path("id").asText(), value.path("token").asLong());
            }
        }
        begun.put(job, tokens.get(job));
        say("job_attempt_started", job, Map.of("worker", "played"));
    }

    /** Says how far it is. */
    public void progress(String job, double fraction, String message) throws IOException, InterruptedException {
        say("job_attempt_progressed", job, Map.of("progress", Map.of("fraction", fraction, "message", message)));
    }

    /** Logs a line of its first attempt. */
    public void log(String job, int line, String level, String text) throws IOException, InterruptedException {
        Map<String, Object> logged = Map.of("line", line, "at", Instant.now().toString(), "level", level, "text", text);
        Map<String, Object> payload = Map.of("job_id", job, "attempt", 1, "lines", List.of(logged), "dropped", 0);
        send("tailrace.job-logs", job, "job_logged", UUID.randomUUID().toString(), payload);
        send(
                "tailrace.channels.job",
                "job:" + job,
                "job_logged",
                UUID.randomUUID().toString(),
                payload);
    }

    /** Ends it well. */
    public void succeed(String job, Object result) throws IOException, InterruptedException {
        say("job_attempt_succeeded", job, Map.of("result", result));
    }

    /** Ends it badly. */
    public void fail(String job, String type, String message, boolean givesUp)
            throws IOException, InterruptedException {
        say("job_attempt_failed", job, Map.of("error", Map.of("type", type, "message", message), "give_up", givesUp));
    }

    private void say(String type, String job, Map<String, ?> more) throws IOException, InterruptedException {
        String id = UUID.randomUUID().toString();
        Map<String, Object> payload = new HashMap<>(more);
        payload.putAll(Map.of("command_id", id, "queue", queue, "job_id", job, "token", tokens.get(job)));
        send("tailrace.job-commands", queue, type, id, payload);
    }

    private void send(String topic, String key, String type, String id, Map<String, ?> payload)
            throws IOException, InterruptedException {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, bytes(key), JSON.writeValueAsBytes(payload));
        Map.of(
                        "ce_specversion",
                        "1.0",
                        "ce_id",
                        id,
                        "ce_type",
                        type,
                        "ce_source",
                        "/test",
                        "ce_time",
                        Instant.now().toString(),
                        "content-type",
                        "application/json")
                .forEach((name, value) -> record.headers().add(name, bytes(value)));
        try {
            var unused = producer.send(record).get();
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
        released.close();
    }
}
