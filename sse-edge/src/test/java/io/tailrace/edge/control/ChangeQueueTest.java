package io.tailrace.edge.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.edge.stream.ChannelChanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChangeQueueTest {
    private final List<ChangeQueue.Turn> turns = new ArrayList<>();
    private final ChangeQueue queue = new ChangeQueue(3, 10, turns::add);

    @Test
    void aChangeThatNeedsNoSearchIsMadeAtOnceIfNoneIsBeforeIt() {
        assertThat(queue.arrive(change("t1", "a"), ChangeQueueTest::found)).isEqualTo(ChangeQueue.Arrival.MADE);

        assertThat(tokens()).containsExactly("t1");
    }

    @Test
    void changesAreMadeInTheOrderOfTheirArrivalWhicheverIsReadyFirst() {
        // given
        CompletableFuture<ChannelChanges> slow = new CompletableFuture<>();
        CompletableFuture<ChannelChanges> slower = new CompletableFuture<>();

        // when
        queue.arrive(change("t1", "a"), () -> slow);
        ChangeQueue.Arrival second = queue.arrive(change("t2"), ChangeQueueTest::found);
        queue.arrive(change("t3", "b"), () -> slower);
        slower.complete(none());

        // then
        assertThat(second).isEqualTo(ChangeQueue.Arrival.WAITING);
        assertThat(turns).isEmpty();
        slow.complete(none());
        assertThat(tokens()).containsExactly("t1", "t2", "t3");
        assertThat(queue.size()).isZero();
    }

    @Test
    void ofAChangeThatFindsNoRoomOnlyTheTokenIsTakenOverInItsTurn() {
        // given
        CompletableFuture<ChannelChanges> slow = new CompletableFuture<>();
        queue.arrive(change("t1", "a"), () -> slow);
        queue.arrive(change("t2"), ChangeQueueTest::found);
        queue.arrive(change("t3"), ChangeQueueTest::found);

        // when
        ChangeQueue.Arrival fourth = queue.arrive(change("t4", "b"), () -> {
            throw new AssertionError("the log is searched in vain");
        });
        ChangeQueue.Arrival fifth = queue.arrive(change(null, "b"), ChangeQueueTest::found);
        slow.complete(none());

        // then
        assertThat(List.of(fourth, fifth)).containsOnly(ChangeQueue.Arrival.FULL);
        assertThat(tokens()).containsExactly("t1", "t2", "t4");
        assertThat(turns.getLast().dropped()).isEqualTo(2);
        assertThat(queue.arrive(change("t5"), ChangeQueueTest::found)).isEqualTo(ChangeQueue.Arrival.MADE);
    }

    @Test
    void theNamesThatWaitAreBoundedAndOneChangeAloneMayHaveMore() {
        // given
        CompletableFuture<ChannelChanges> slow = new CompletableFuture<>();
        String[] many = IntStream.range(0, 20).mapToObj(i -> "c" + i).toArray(String[]::new);

        // when
        ChangeQueue.Arrival alone = queue.arrive(change("t1", many), () -> slow);
        ChangeQueue.Arrival behind = queue.arrive(change("t2", "a"), ChangeQueueTest::found);

        // then
        assertThat(alone).isEqualTo(ChangeQueue.Arrival.WAITING);
        assertThat(behind).isEqualTo(ChangeQueue.Arrival.FULL);
    }

    private List<String> tokens() {
        return turns.stream()
                .map(turn -> turn.bearer() == null ? "" : turn.bearer().subject())
                .toList();
    }

    private static StreamChange change(@Nullable String token, String... add) {
        StreamChange.Bearer bearer =
                token == null ? null : new StreamChange.Bearer(token, Set.of(), List.of(), 1, null);
        return new StreamChange(
                "c",
                bearer,
                List.of(add).stream()
                        .map(name -> new StreamChange.Added(name, null))
                        .toList(),
                List.of());
    }

    private static CompletableFuture<ChannelChanges> found() {
        return CompletableFuture.completedFuture(none());
    }

    private static ChannelChanges none() {
        return new ChannelChanges(List.of(), List.of(), List.of());
    }
}
