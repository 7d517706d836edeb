package io.tailrace.systemtests.chaos.stream;

import io.tailrace.systemtests.chaos.check.Entry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants, what its open stream has told that it has, and which changes have been sent and not told yet. It says
 * which request is due: one change at a time, because two of them may reach the stream by different ways. Thread-safe.
 */
final class StreamState {
    private final Wishes wishes;
    private final Set<String> told = new TreeSet<>();
    private final Set<String> awaited = new TreeSet<>();
    private final Set<String> trespasses = new TreeSet<>();
    private Set<String> presented = Set.of();
    private boolean renewalDue;
    private @Nullable String connectionId;

    StreamState(Wishes wishes) {
        this.wishes = wishes;
    }

    /**
     * A request to send.
     *
     * @param connectionId the stream
     * @param add each channel with its start
     * @param remove channels
     * @param granted what the token allows
     * @param dropped channels that the stream is to lose
     */
    record Change(
            String connectionId,
            Map<String, String> add,
            List<String> remove,
            Set<String> granted,
            Set<String> dropped) {}

    synchronized void wish(java.util.function.Consumer<Wishes> wish) {
        wish.accept(wishes);
    }

    synchronized void renew() {
        renewalDue = true;
    }

    synchronized void trespass(String channel) {
        trespasses.add(channel);
    }

    synchronized boolean isOpen() {
        return connectionId != null;
    }

    synchronized Set<String> wanted() {
        return wishes.wanted();
    }

    synchronized Set<String> granted() {
        return wishes.granted();
    }

    /** No stream is open any more; a new one is asked for with this token. */
    synchronized Entry.Asked ask() {
        ended();
        presented = wishes.granted();
        return new Entry.Asked(wishes.wanted(), presented);
    }

    synchronized void opened(String id, List<Entry.Started> channels) {
        connectionId = id;
        channels.forEach(started -> told.add(started.channel()));
    }

    synchronized void ended() {
        connectionId = null;
        told.clear();
        awaited.clear();
        renewalDue = false;
    }

    synchronized void changed(Entry.Changed changed) {
        List<String> added =
                changed.added().stream().map(Entry.Started::channel).toList();
        told.removeAll(changed.removed());
        told.addAll(added);
        awaited.removeAll(changed.removed());
        awaited.removeAll(added);
        awaited.removeAll(changed.refused());
    }

    /** These were not added or removed for now: they are due again. */
    synchronized void postponed(List<String> channels) {
        channels.forEach(awaited::remove);
    }

    /** The change that is due, or null. It counts as sent: {@link #failed} takes that back. */
    synchronized @Nullable Change due() {
        String id = connectionId;
        if (id == null || !awaited.isEmpty()) {
            return null;
        }
        Set<String> granted = wishes.granted();
        Set<String> wanted = wishes.wanted();
        Map<String, String> add = new TreeMap<>();
        wanted.stream().filter(name -> !told.contains(name)).forEach(name -> add.put(name, wishes.start(name)));
        trespasses.forEach(name -> add.put(name, "earliest"));
        Set<String> dropped = new TreeSet<>(told);
        dropped.removeAll(wanted);
        // What the token does not allow goes with the old token; naming it would hide that.
        List<String> remove = new ArrayList<>(dropped);
        remove.removeIf(name -> !granted.contains(name));
        if (add.isEmpty() && dropped.isEmpty() && !renewalDue && granted.equals(presented)) {
            return null;
        }
        awaited.addAll(add.keySet());
        awaited.addAll(dropped);
        return new Change(id, add, remove, granted, dropped);
    }

    synchronized void accepted(Change change) {
        if (change.connectionId().equals(connectionId)) {
            renewalDue = false;
            presented = change.granted();
            trespasses.removeAll(change.add().keySet());
        }
    }

    /** It was not accepted, as far as the client knows: whatever is still missing is due again. */
    synchronized void failed(Change change) {
        if (change.connectionId().equals(connectionId)) {
            awaited.removeAll(change.add().keySet());
            awaited.removeAll((Collection<?>) change.dropped());
        }
    }
}
