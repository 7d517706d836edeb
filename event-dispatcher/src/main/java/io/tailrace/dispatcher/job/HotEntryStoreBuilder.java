package io.tailrace.dispatcher.job;

import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * Builds a {@link HotEntryStore} over what another builder builds, with its name and its changelog.
 *
 * @param store builds the store below
 * @param isHot see {@link HotEntryStore}
 */
record HotEntryStoreBuilder(StoreBuilder<KeyValueStore<Bytes, byte[]>> store, Predicate<Bytes> isHot)
        implements StoreBuilder<KeyValueStore<Bytes, byte[]>> {
    @Override
    public StoreBuilder<KeyValueStore<Bytes, byte[]>> withCachingEnabled() {
        return new HotEntryStoreBuilder(store.withCachingEnabled(), isHot);
    }

    @Override
    public StoreBuilder<KeyValueStore<Bytes, byte[]>> withCachingDisabled() {
        return new HotEntryStoreBuilder(store.withCachingDisabled(), isHot);
    }

    @Override
    public StoreBuilder<KeyValueStore<Bytes, byte[]>> withLoggingEnabled(Map<String, String> config) {
        return new HotEntryStoreBuilder(store.withLoggingEnabled(config), isHot);
    }

    @Override
    public StoreBuilder<KeyValueStore<Bytes, byte[]>> withLoggingDisabled() {
        return new HotEntryStoreBuilder(store.withLoggingDisabled(), isHot);
    }

    @Override
    public KeyValueStore<Bytes, byte[]> build() {
        return new HotEntryStore(store.build(), isHot);
    }

    @Override
    public Map<String, String> logConfig() {
        return store.logConfig();
    }

    @Override
    public boolean loggingEnabled() {
        return store.loggingEnabled();
    }

    @Override
    public String name() {
        return store.name();
    }
}
