package io.tailrace.search.drive;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.event.DocumentsIndexed;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.identity.UuidV7;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventRecords;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says on {@code search:{index}} that there is something new to be found, so that a page that shows results can ask
 * again. One that is lost is made up for by the next. Thread-safe.
 */
public final class Notices implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);
    private static final String NAMESPACE = "search:";
    private static final String SOURCE = "/tailrace/search-indexer";

    private final Producer<byte[], byte[]> producer;
    private final Namespaces namespaces;
    private final InstantSource clock;
    private final UuidV7 ids;

    /** Over a producer that this closes. */
    public Notices(Producer<byte[], byte[]> producer, Namespaces namespaces, InstantSource clock) {
        this.producer = producer;
        this.namespaces = namespaces;
        this.clock = clock;
        this.ids = new UuidV7(clock, RandomGenerator.getDefault());
    }

    void documentsIndexed(String index, int count) {
        Channel channel = new Channel(NAMESPACE + index);
        // A namespaces file of one's own need not have it.
        Optional<Namespace> namespace = namespaces.of(channel);
        if (namespace.isEmpty()) {
            return;
        }
        Event event = new Event(
                ids.next().toString(),
                EventTypes.DOCUMENTS_INDEXED,
                SOURCE,
                clock.instant(),
                channel.name(),
                Json.write(new DocumentsIndexed(index, count)));
        try {
            var unused = producer.send(EventRecords.toRecord(
                    namespace.get().topic(), channel.partition(namespace.get().partitions()), channel.name(), event));
        } catch (KafkaException e) {
            LOG.debug("index {}: a notice was not sent", index, e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
