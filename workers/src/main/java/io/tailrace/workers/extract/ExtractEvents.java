package io.tailrace.workers.extract;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.kit.extract.ExtractJob;
import io.tailrace.kit.extract.TextState;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventRecords;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/** Tells on {@code upload:{owner}:{id}} and {@code user:{owner}} how far the text of a file is read. Thread-safe. */
public final class ExtractEvents {
    private static final String SOURCE = "/tailrace/workers";

    private final Producer<byte[], byte[]> producer;
    private final Namespaces namespaces;
    private final InstantSource clock;

    /**
     * Events.
     *
     * @param producer appends to channels; whoever made it closes it
     */
    public ExtractEvents(Producer<byte[], byte[]> producer, Namespaces namespaces, InstantSource clock) {
        this.producer = producer;
        this.namespaces = namespaces;
        this.clock = clock;
    }

    /** Tells that pages were read, and does not wait: the next one says more. */
    void progress(ExtractJob job, int attempt, int pages, int of) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("pages", pages);
        data.put("of", of == 0 ? null : of);
        try {
            var unused = send(job, "extract." + attempt + "." + pages, EventTypes.EXTRACTION_PROGRESS, data);
        } catch (KafkaException e) {
            // The end is told, or the job runs once more.
            return;
        }
    }

    /**
     * Tells what became of it. Whoever tells it again does so with the same ids.
     *
     * @throws KafkaException if the log does not take it
     */
    void ended(ExtractJob job, TextState state) throws InterruptedException {
        List<Future<RecordMetadata>> sent = state.reason() == null
                ? send(
                        job,
                        "ready",
                        EventTypes.UPLOAD_READY,
                        Map.of("text_characters", state.characters(), "pages", state.pages()))
                : send(job, "failed", EventTypes.UPLOAD_FAILED, Map.of("reason", state.reason()));
        for (Future<RecordMetadata> each : sent) {
            try {
                // Ends by the producer's own timeouts.
                var unused = each.get();
            } catch (ExecutionException e) {
                throw new KafkaException("the end of an extraction is not told", e);
            }
        }
    }

    private List<Future<RecordMetadata>> send(ExtractJob job, String name, String type, Map<String, ?> data) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("upload", job.uploadId());
        all.putAll(data);
        byte[] json = Json.write(all);
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (Channel channel : List.of(
                new Channel("upload:" + job.ownerId() + ":" + job.uploadId()), new Channel("user:" + job.ownerId()))) {
            Namespace namespace = namespaces.of(channel).orElse(null);
            if (namespace != null) {
                Event event = new Event(
                        job.uploadId() + "." + name + "." + sent.size(),
                        type,
                        SOURCE,
                        clock.instant(),
                        channel.name(),
                        json);
                sent.add(producer.send(EventRecords.toRecord(
                        namespace.topic(), channel.partition(namespace.partitions()), channel.name(), event)));
            }
        }
        return sent;
    }
}
