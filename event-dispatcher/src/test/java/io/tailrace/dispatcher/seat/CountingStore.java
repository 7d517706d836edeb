package io.tailrace.dispatcher.seat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/** A store in front of another, which counts. */
final class CountingStore {
    private final KeyValueStore<Bytes, byte[]> store;
    private int reads;
    private int writes;
    private final List<Bytes> searchedFrom = new ArrayList<>();

    @SuppressWarnings("unchecked")
    CountingStore(KeyValueStore<Bytes, byte[]> behind) {
        store = (KeyValueStore<Bytes, byte[]>) Proxy.newProxyInstance(
                CountingStore.class.getClassLoader(),
                new Class<?>[] {KeyValueStore.class},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "get" -> reads++;
                        case "put", "delete", "putIfAbsent" -> writes++;
                        case "range" -> searchedFrom.add((Bytes) arguments[0]);
                        default -> throw new AssertionError(method + " may read the whole store");
                    }
                    try {
                        return method.invoke(behind, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                });
    }

    KeyValueStore<Bytes, byte[]> store() {
        return store;
    }

    int reads() {
        return reads;
    }

    int writes() {
        return writes;
    }

    /** Where each search began. */
    List<Bytes> searchedFrom() {
        return searchedFrom;
    }

    void reset() {
        reads = 0;
        writes = 0;
        searchedFrom.clear();
    }
}
