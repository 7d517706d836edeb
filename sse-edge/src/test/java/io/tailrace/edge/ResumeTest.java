package io.tailrace.edge;

import static io.tailrace.edge.testing.Numbered.numbers;
import static io.tailrace.edge.testing.Numbered.publish;
import static io.tailrace.edge.testing.Numbered.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.edge.testing.Numbered;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SseClient;
import io.tailrace.edge.testing.SseMessages.Message;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A client that comes back for other channels than it had. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("server")
class ResumeTest {
    private static final int ADDED = 12;

    private final RunningEdge edge = RunningEdge.start();

    @AfterAll
    void stop() {
        edge.close();
    }

    @Test
    void theStartCountsForEachChannelThatTheCursorWasNotMadeForWhereverItLives() {
        // given
        String known = Numbered.channel("news");
        SseClient first = open(List.of(known), "", "");
        publish(known, 0, 3);
        String id = first.events(2).getLast().id();
        first.close();
        List<String> added =
                Stream.generate(() -> Numbered.channel("news")).limit(ADDED).toList();
        added.forEach(channel -> publish(channel, 100, 102));
        List<String> all = Stream.concat(Stream.of(known), added.stream()).toList();

        // when
        SseClient second = open(all, "earliest", id);
        List<Message> events = second.events(1 + 2 * ADDED);

        // then
        assertThat(numbers(of(known, events))).containsExactly(2);
        assertThat(added)
                .allSatisfy(channel -> assertThat(numbers(of(channel, events))).isEqualTo(range(100, 102)));
        second.close();

        // and, asking for the same again as browsers do, each goes on where it was
        added.forEach(channel -> publish(channel, 102, 103));
        SseClient third = open(all, "earliest", events.getLast().id());
        assertThat(numbers(third.events(ADDED))).containsOnly(102);
        third.close();
    }

    @Test
    void theLastEventsAreLookedForInNewChannelsOnly() {
        // given
        String known = Numbered.channel("news");
        String added = Numbered.channel("news");
        SseClient first = open(List.of(known), "", "");
        publish(known, 0, 9);
        String id = first.events(9).getLast().id();
        first.close();
        publish(added, 100, 109);

        // when
        SseClient second = open(List.of(known, added), "last:3", id);

        // then
        assertThat(numbers(second.events(3))).isEqualTo(range(106, 109));
        publish(known, 9, 10);
        assertThat(numbers(second.events(1))).containsExactly(9);
        second.close();
    }

    private SseClient open(List<String> channels, String start, String id) {
        SseClient client = SseClient.open(
                edge.port(),
                "/events?channels=" + String.join(",", channels) + (start.isEmpty() ? "" : "&start=" + start)
                        + (id.isEmpty() ? "" : "&last_event_id=" + id));
        client.next("stream.open");
        return client;
    }

    private static List<Message> of(String channel, List<Message> events) {
        return events.stream()
                .filter(event -> event.data().contains('"' + channel + '"'))
                .toList();
    }
}
