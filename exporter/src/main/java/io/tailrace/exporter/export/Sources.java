package io.tailrace.exporter.export;

import io.tailrace.contracts.channel.Namespaces;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What can be exported: the readings, and the channels of each namespace. Immutable. */
public final class Sources {
    private final Map<String, Source> byName = new TreeMap<>();

    /** Of the declared namespaces. The readings are theirs, also if a namespace has this name. */
    public Sources(Namespaces namespaces) {
        namespaces.all().forEach(namespace -> byName.put(namespace.name(), new Events(namespace)));
        Readings readings = new Readings();
        byName.put(readings.name(), readings);
    }

    /** The source of that name. */
    public Optional<Source> of(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The names. */
    public Set<String> names() {
        return byName.keySet();
    }
}
