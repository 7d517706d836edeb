package io.tailrace.kit.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TopicChangesTest {
    private static final String TOPIC = "generation-1";

    private final TopicChanges changes = new TopicChanges(3);

    @Test
    void nothingIsCurrentBeforeTheTopicIsRead() {
        assertThat(changes.isCurrent("a", version(100))).isFalse();
        assertThat(changes.isOutdated("a", version(100))).isFalse();
        assertThat(changes.partition("a")).isEmpty();
    }

    @Test
    void whatIsOlderThanTheFirstKnownChangeIsNotCurrent() {
        changes.begin(TOPIC, Map.of(0, 10L));

        assertThat(changes.isCurrent("a", version(9))).isFalse();
        assertThat(changes.isCurrent("a", version(10))).isTrue();
        assertThat(changes.isOutdated("a", version(9))).isFalse();
    }

    @Test
    void aChangeOutdatesWhatDoesNotHaveItAndNoOtherKey() {
        changes.begin(TOPIC, Map.of(0, 10L));

        changes.changed(0, "a", 12);

        assertThat(changes.isCurrent("a", version(12))).isFalse();
        assertThat(changes.isOutdated("a", version(12))).isTrue();
        assertThat(changes.isCurrent("a", version(13))).isTrue();
        assertThat(changes.isOutdated("a", version(13))).isFalse();
        assertThat(changes.isCurrent("b", version(10))).isTrue();
    }

    @Test
    void whatTheTopicOfBeforeHadIsNotCurrentInTheOneThatWasMadeAnew() {
        changes.begin(TOPIC, Map.of(0, 10L));
        changes.begin("generation-2", Map.of(0, 0L));

        assertThat(changes.isCurrent("a", version(100))).isFalse();
        assertThat(changes.isOutdated("a", version(100))).isTrue();
        assertThat(changes.positions(TOPIC)).isEmpty();
        assertThat(changes.positions("generation-2")).containsEntry(0, 0L);
    }

    @Test
    void nothingIsCurrentAndNoPositionIsKnownAfterTheLogWasCut() {
        changes.begin(TOPIC, Map.of(0, 10L));
        changes.changed(0, "a", 10);

        changes.forget();

        assertThat(changes.isCurrent("a", version(100))).isFalse();
        assertThat(changes.positions(TOPIC)).isEmpty();
    }

    @Test
    void theFloorRisesPastTheChangesThatAreForgotten() {
        changes.begin(TOPIC, Map.of(0, 10L));
        changes.changed(0, "a", 10);
        changes.changed(0, "b", 11);
        changes.changed(0, "a", 12);
        changes.changed(0, "c", 13);

        assertThat(changes.isCurrent("other", version(10))).isTrue();

        changes.changed(0, "d", 14);

        // b was forgotten, whose last change was at 11.
        assertThat(changes.isCurrent("b", version(11))).isFalse();
        assertThat(changes.isCurrent("other", version(11))).isFalse();
        assertThat(changes.isCurrent("other", version(12))).isTrue();
        assertThat(changes.isCurrent("a", version(12))).isFalse();
    }

    @Test
    void aReaderWaitsUntilTheEndWasReached() throws Exception {
        changes.begin(TOPIC, Map.of(0, 10L));
        CompletableFuture<Boolean> waits = new CompletableFuture<>();
        var unused = Thread.ofVirtual().start(() -> {
            try {
                waits.complete(changes.await("a", 12, 60_000));
            } catch (InterruptedException e) {
                waits.completeExceptionally(e);
            }
        });

        changes.reached(0, 11);
        assertThat(waits).isNotDone();
        changes.reached(0, 12);

        assertThat(waits.get()).isTrue();
        assertThat(changes.await("a", 13, 0)).isFalse();
        changes.reached(0, 5);
        assertThat(changes.await("a", 12, 0)).isTrue();
    }

    private static Version version(long nextOffset) {
        return new Version(TOPIC, nextOffset);
    }
}
