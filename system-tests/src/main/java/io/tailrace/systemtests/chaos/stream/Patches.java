package io.tailrace.systemtests.chaos.stream;

import io.tailrace.systemtests.chaos.check.Entry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** Sends the changes that a client's stream needs, one after the other, until it has what the client wants. Thread-safe. */
final class Patches {
    private static final long RETRY_MS = 300;

    private final StreamState state;
    private final Diary diary;
    private final Sender sender;
    private final Function<Set<String>, String> tokens;
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicBoolean wanted = new AtomicBoolean();

    /** Sends one {@code PATCH}. */
    interface Sender {
        /** Gives the status of the answer. */
        int patch(String connectionId, String token, Map<String, Object> body) throws IOException, InterruptedException;
    }

    Patches(StreamState state, Diary diary, Sender sender, Function<Set<String>, String> tokens) {
        this.state = state;
        this.diary = diary;
        this.sender = sender;
        this.tokens = tokens;
    }

    /** Something has changed: whatever is due is sent, by a thread of its own. */
    void send() {
        wanted.set(true);
        if (running.compareAndSet(false, true)) {
            Thread.ofVirtual().start(this::sendAll);
        }
    }

    private void sendAll() {
        try {
            do {
                wanted.set(false);
                StreamState.Change change;
                while ((change = state.due()) != null) {
                    send(change);
                }
                running.set(false);
            } while (wanted.get() && running.compareAndSet(false, true));
        } catch (InterruptedException e) {
            running.set(false);
        }
    }

    private void send(StreamState.Change change) throws InterruptedException {
        diary.write(new Entry.Changing(change.granted(), change.dropped()));
        List<Map<String, String>> add = change.add().entrySet().stream()
                .map(channel -> Map.of("channel", channel.getKey(), "start", channel.getValue()))
                .toList();
        try {
            int status = sender.patch(
                    change.connectionId(),
                    tokens.apply(change.granted()),
                    Map.of("add", add, "remove", change.remove()));
            if (status == 202) {
                state.accepted(change);
                return;
            }
            if (status != 503) {
                diary.write(new Entry.Nonsense("PATCH was answered " + status));
            }
        } catch (IOException e) {
            // An edge or a connection is down: the stream may be, too.
        }
        state.failed(change);
        TimeUnit.MILLISECONDS.sleep(RETRY_MS);
    }
}
