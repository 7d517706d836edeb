package io.tailrace.edge.control;

import io.tailrace.edge.stream.ChannelChanges;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The changes of one stream that wait for their turn, in the order in which they arrived. One that waits for the log holds
 * up those behind it, until its time is up. Thread-safe.
 */
final class ChangeQueue {
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final int maxChanges;
    private final int maxChannels;
    private final Consumer<Turn> turns;
    private int channels;

    /**
     * An empty queue.
     *
     * @param maxChanges changes that may wait
     * @param maxChannels names in changes that may wait; one change alone may have more
     * @param turns gets each change when it is its turn, one at a time
     */
    ChangeQueue(int maxChanges, int maxChannels, Consumer<Turn> turns) {
        this.maxChanges = maxChanges;
        this.maxChannels = maxChannels;
        this.turns = turns;
    }

    /**
     * A change whose turn it is.
     *
     * @param change what was asked for; its token is that of the newest change that is settled by this turn
     * @param channels what is to be done with the channels
     * @param dropped changes that arrived after this one when the queue was full; nothing is done but that their token
     *     counts
     */
    record Turn(StreamChange.@Nullable Bearer bearer, ChannelChanges channels, int dropped) {}

    private static final class Waiting {
        final CompletableFuture<ChannelChanges> channels;
        final int names;
        StreamChange.@Nullable Bearer bearer;
        int dropped;

        Waiting(CompletableFuture<ChannelChanges> channels, int names, StreamChange.@Nullable Bearer bearer) {
            this.channels = channels;
            this.names = names;
            this.bearer = bearer;
        }
    }

    /** What became of an arrival. */
    enum Arrival {
        /** Its turn was at once. */
        MADE,
        /** It waits. */
        WAITING,
        /** There is no room for it. Its token is taken over in its turn, nothing else. */
        FULL
    }

    /**
     * Puts a change behind the others.
     *
     * @param change what was asked for
     * @param locate begins to find out what is to be done, if there is room for the change; what it gives must not fail
     */
    synchronized Arrival arrive(StreamChange change, Supplier<CompletableFuture<ChannelChanges>> locate) {
        int names = change.add().size() + change.remove().size();
        Waiting last = waiting.peekLast();
        if (last != null && (waiting.size() >= maxChanges || channels + names > maxChannels)) {
            last.dropped++;
            last.bearer = Objects.requireNonNullElse(change.bearer(), last.bearer);
            return Arrival.FULL;
        }
        CompletableFuture<ChannelChanges> located = locate.get();
        Waiting mine = new Waiting(located, names, change.bearer());
        waiting.addLast(mine);
        channels += names;
        var unused = located.thenRun(this::takeTurns);
        return waiting.contains(mine) ? Arrival.WAITING : Arrival.MADE;
    }

    /** Changes that wait. */
    synchronized int size() {
        return waiting.size();
    }

    private synchronized void takeTurns() {
        Waiting first = waiting.peekFirst();
        while (first != null && first.channels.isDone()) {
            waiting.removeFirst();
            channels -= first.names;
            turns.accept(new Turn(first.bearer, first.channels.join(), first.dropped));
            first = waiting.peekFirst();
        }
    }
}
