package io.tailrace.edge;

import static io.tailrace.edge.testing.Numbered.numbers;
import static io.tailrace.edge.testing.Numbered.publish;
import static io.tailrace.edge.testing.Numbered.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.edge.testing.Leaks;
import io.tailrace.edge.testing.Numbered;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.WebSocketClient;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients of a WebSocket say that they must not say, beside one that behaves and must not notice. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("server")
class WebSocketInputTest {
    private static final long SEED = 6_455;

    private final RunningEdge edge = RunningEdge.start(Map.of("tailrace.edge.close-timeout", "1s"));
    private final String channel = Numbered.channel("news");
    private final WebSocketClient good = WebSocketClient.open(edge.port(), "/events?channels=" + channel);
    private int published;

    @AfterAll
    void stop() {
        assertThat(Leaks.found()).isEmpty();
        good.close();
        edge.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a message of text, 8185 00000000 68656c6c6f, 1003",
        "an empty message, 8180 00000000, 1003",
        "a binary message, 8281 00000000 01, 1003",
        "a frame without mask, 8105 68656c6c6f, 1002",
        "a ping without mask, 8900, 1002",
        "the first reserved bit, c185 00000000 68656c6c6f, 1002",
        "the second reserved bit, a185 00000000 68656c6c6f, 1002",
        "the third reserved bit, 9185 00000000 68656c6c6f, 1002",
        "a reserved bit of a ping, c980 00000000, 1002",
        "a reserved opcode of data, 8380 00000000, 1002",
        "a reserved opcode of control, 8b80 00000000, 1002",
        "the first fragment of a message, 0185 00000000 68656c6c6f, 1002",
        "a fragment of a ping, 0980 00000000, 1002",
        "a continuation of nothing, 8080 00000000, 1002",
        "a ping of 126 bytes, 89fe007e 00000000, 1002",
        "a length that is not in its shortest form, 81fe0005 00000000, 1002",
        "a negative length, 81ff ffffffffffffffff 00000000, 1002",
        "a frame that is too large, 81fe1001 00000000, 1009",
        "a frame of 4 GiB, 81ff 0000000100000000 00000000, 1009",
        "a close with half a status, 8881 00000000 03, 1002",
        "a close with a status that nobody may send, 8882 00000000 03ed, 1002",
        "a close with a status below all, 8882 00000000 0001, 1002",
        "a close whose reason is not UTF-8, 8883 00000000 03e8ff, 1007",
    })
    void isAnsweredWithAClose(String what, String hex, int status) {
        try (WebSocketClient client = WebSocketClient.open(edge.port(), "/events?channels=" + channel)) {
            // given
            client.next("stream.open");

            // when
            client.raw(HexFormat.of().parseHex(hex.replace(" ", "")));

            // then
            client.awaitEnd();
            assertThat(client.closeStatus()).as(what).isEqualTo(status);
            assertThat(client.closeReason()).isNotEmpty();
            assertThat(client.taken()).noneMatch(message -> message.event().equals("broken"));
            theOtherDoesNotNotice();
        }
    }

    @Test
    void theStatusOfACloseIsRepeated() {
        for (int status : new int[] {1000, 1001, 1011, 3000, 4999}) {
            try (WebSocketClient client = WebSocketClient.open(edge.port(), "/events?channels=" + channel)) {
                client.next("stream.open");
                client.sendClose(status, "r".repeat(123));
                client.awaitEnd();
                assertThat(client.closeStatus()).isEqualTo(status);
            }
        }
    }

    @Test
    void aPingIsAnsweredWithWhatItCarried() {
        try (WebSocketClient client = WebSocketClient.open(edge.port(), "/events?channels=" + channel)) {
            client.next("stream.open");
            for (String payload : new String[] {"", "hello", "x".repeat(125)}) {
                int before = client.pongs().size();
                client.send(0x89, payload.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                Eventually.holds("a pong", () -> client.pongs().size() > before);
                assertThat(client.pongs().getLast()).isEqualTo(payload);
            }
            client.send(0x8a, new byte[3]);
            theOtherDoesNotNotice();
            assertThat(client.hasEnded()).isFalse();
        }
    }

    @Test
    void oneThatOnlyAsksCostsNoMoreThanOneQuestion() {
        // given
        try (WebSocketClient client = WebSocketClient.connect(edge.port(), "/events?channels=" + channel, 4_096)) {
            client.head();

            // when
            byte[] pings = new byte[131 * 200];
            for (int i = 0; i < 200; i++) {
                pings[i * 131] = (byte) 0x89;
                pings[i * 131 + 1] = (byte) (0x80 | 125);
            }
            for (int i = 0; i < 200; i++) {
                client.raw(pings);
            }

            // then
            theOtherDoesNotNotice();
            client.read().next("stream.open");
            client.send(0x89, "last".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            Eventually.holds("the last answer", () -> client.pongs().contains("last"));
            assertThat(client.pongs()).hasSizeLessThan(40_000);
        }
    }

    @Test
    void framesMayComeByteByByte() {
        try (WebSocketClient client = WebSocketClient.open(edge.port(), "/events?channels=" + channel)) {
            client.next("stream.open");
            for (byte b : HexFormat.of().parseHex("89850102030469676f686e")) {
                client.raw(new byte[] {b});
            }
            Eventually.holds("a pong", () -> client.pongs().contains("hello"));
        }
    }

    @Test
    void anyBytesEndItselfAlone() {
        Random random = new Random(SEED);
        for (int i = 0; i < 100; i++) {
            WebSocketClient client = WebSocketClient.open(edge.port(), "/events?channels=" + channel);
            byte[] bytes = new byte[1 + random.nextInt(300)];
            random.nextBytes(bytes);
            client.raw(bytes);
            client.reset();
        }
        theOtherDoesNotNotice();
    }

    private void theOtherDoesNotNotice() {
        publish(channel, published, published + 2);
        assertThat(numbers(good.events(2))).as("seed %d", SEED).isEqualTo(range(published, published + 2));
        published += 2;
    }
}
