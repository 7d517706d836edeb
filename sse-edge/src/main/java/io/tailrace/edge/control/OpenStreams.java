package io.tailrace.edge.control;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The open streams of this edge by their connection ids, which ascend with the time of opening. Thread-safe. */
@Singleton
public final class OpenStreams {
    private final ConcurrentNavigableMap<String, OpenStream> byId = new ConcurrentSkipListMap<>();

    /** A stream was opened. */
    public void add(OpenStream stream) {
        byId.put(stream.connectionId(), stream);
    }

    /** It is over. */
    public void remove(OpenStream stream) {
        byId.remove(stream.connectionId());
    }

    /** The stream of that name, if it is open here. */
    @Nullable
    OpenStream find(String connectionId) {
        return byId.get(connectionId);
    }

    /** Those that have a token of this subject; one look at each stream. */
    List<OpenStream> ofSubject(String subject) {
        return byId.values().stream()
                .filter(open -> subject.equals(open.subject()))
                .toList();
    }

    /**
     * The next in the order of their ids; a look at each of those that are passed over.
     *
     * @param part what the id, the subject or the address of each has in it, in any case; empty for all
     * @param after the last id that is known already; empty for the first page
     */
    List<OpenStream> page(String part, String after, int limit) {
        String wanted = part.toLowerCase(Locale.ROOT);
        return byId.tailMap(after, false).values().stream()
                .filter(open -> wanted.isEmpty() || open.isAbout(wanted))
                .limit(limit)
                .toList();
    }
}
