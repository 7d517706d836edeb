package io.tailrace.edge.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LastSearchTest {
    @Test
    void findsWhereTheLastEventsOfEachChannelBegin() {
        // given
        LastSearch search = new LastSearch(Map.of("a", 2, "b", 1));

        // when
        search.show(List.of(seen("b", 40), seen("a", 41)));
        boolean doneEarly = search.isDone();
        search.show(List.of(seen("a", 20), seen("a", 21), seen("b", 22)));

        // then
        assertThat(doneEarly).isFalse();
        assertThat(search.isDone()).isTrue();
        assertThat(search.start("a")).isEqualTo(seen("a", 21));
        assertThat(search.start("b")).isEqualTo(seen("b", 40));
    }

    @Test
    void startsWithTheOldestThatItFoundWhenThereAreNotEnough() {
        LastSearch search = new LastSearch(Map.of("a", 10));
        search.show(List.of(seen("a", 3), seen("a", 7)));
        assertThat(search.isDone()).isFalse();
        assertThat(search.start("a")).isEqualTo(seen("a", 3));
    }

    @Test
    void findsNoStartWhenThereIsNothing() {
        LastSearch search = new LastSearch(Map.of("a", 10));
        search.show(List.of(seen("other", 3)));
        assertThat(search.start("a")).isNull();
    }

    private static LastSearch.Seen seen(String channel, long offset) {
        return new LastSearch.Seen(channel, offset, 0);
    }
}
