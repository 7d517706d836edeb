package io.tailrace.dispatcher.seat;

import io.tailrace.dispatcher.ProductionConfig;
import io.tailrace.dispatcher.testing.Scratch;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** A RocksDB store without a topology around it. */
final class BookStore implements AutoCloseable {
    private final Path folder = Scratch.folder("book-");
    private final KeyValueStore<Bytes, byte[]> store;

    BookStore() {
        Properties config = new Properties();
        config.putAll(ProductionConfig.of("test"));
        MockProcessorContext<Void, Void> context = new MockProcessorContext<>(
                config, new org.apache.kafka.streams.processor.TaskId(0, 0), folder.toFile());
        store = Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore("seats"), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
    }

    KeyValueStore<Bytes, byte[]> store() {
        return store;
    }

    /** Deletes every entry, so that tombstones are what the next user of the store begins with. */
    void clear() {
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            all.forEachRemaining((KeyValue<Bytes, byte[]> entry) -> store.delete(entry.key));
        }
    }

    @Override
    public void close() {
        store.close();
        Scratch.delete(folder);
    }
}
