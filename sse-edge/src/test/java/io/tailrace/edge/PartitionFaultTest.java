package io.tailrace.edge;

import static io.tailrace.edge.testing.Numbered.json;
import static io.tailrace.edge.testing.Numbered.numbers;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.edge.testing.Numbered;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SseClient;
import io.tailrace.edge.testing.SseMessages.Message;
import io.tailrace.edge.testing.TestBroker;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Some partitions have no leader, and the others have one. */
@Tag("server")
class PartitionFaultTest {
    private static final int PARTITIONS = 6;
    private static final int LOST_BROKER = 1;

    @Test
    void healthyPartitionsAreServedAtOnceAndTheOthersAreNamedAndServedLater() {
        // given
        TestBroker brokers = TestBroker.two();
        try (RunningEdge edge = RunningEdge.start(Map.of(
                "tailrace.kafka.bootstrap", brokers.bootstrap(), "tailrace.edge.tail.check-interval", "200ms"))) {
            String healthy = channelOn(0);
            String dark = channelOn(LOST_BROKER);
            SseClient before = SseClient.open(edge.port(), "/events?channels=" + healthy + "," + dark);
            before.next("stream.open");

            // when
            brokers.stop(LOST_BROKER);
            Message told = before.next("stream.channels");
            SseClient alone = SseClient.open(edge.port(), "/events?channels=" + healthy);
            SseClient both = SseClient.open(edge.port(), "/events?channels=" + healthy + "," + dark);

            // then
            assertThat(told.data()).contains("\"unavailable\":[\"" + dark).doesNotContain(healthy);
            assertThat(alone.next("stream.open").data()).contains("\"at\":\"live\"");
            String opened = both.next("stream.open").data();
            assertThat(opened).contains("{\"channel\":\"" + healthy + "\",\"start\":{\"at\":\"live\"");
            if (!opened.contains("{\"channel\":\"" + dark + "\",\"start\":{\"at\":\"pending\"")) {
                // Its event loop has read the partition before, so it knows where the stream starts.
                assertThat(both.next("stream.channels").data())
                        .contains("\"unavailable\":[\"" + dark)
                        .doesNotContain(healthy);
            }
            brokers.publish(healthy, "note", json(0));
            for (SseClient client : new SseClient[] {before, alone, both}) {
                assertThat(numbers(client.events(1))).containsExactly(0);
            }

            // when
            brokers.start(LOST_BROKER);

            // then
            awaitAvailable(before, dark);
            awaitAvailable(both, dark);
            brokers.publish(dark, "note", json(1));
            assertThat(numbers(before.events(1))).containsExactly(1);
            assertThat(numbers(both.events(1))).containsExactly(1);
            Stream.of(before, alone, both).forEach(SseClient::close);
        }
    }

    /** Other channels may be told before: while a broker starts, an edge may find nobody who can say how they are. */
    private static void awaitAvailable(SseClient client, String channel) {
        String told;
        do {
            told = client.next("stream.channels").data();
        } while (!told.contains("\"available\":[{\"channel\":\"" + channel));
    }

    /** A channel whose partition is on that broker. */
    private static String channelOn(int broker) {
        return Stream.generate(() -> Numbered.channel("show"))
                .filter(channel -> new Channel(channel).partition(PARTITIONS) % 2 == broker)
                .findFirst()
                .orElseThrow();
    }
}
