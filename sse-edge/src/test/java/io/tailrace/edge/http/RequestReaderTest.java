package io.tailrace.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.StartPosition;
import io.tailrace.edge.stream.StreamPlan;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestReaderTest {
    private final RequestReader reader = new RequestReader(1000, "tailrace_token");

    @Test
    void readsEveryPart() {
        // given
        HttpHeaders headers = new DefaultHttpHeaders().add("Authorization", "bearer abc");

        // when
        StreamRequest request = readable("/events?channels=news:a,news:b&start=last:5&last_event_id=xyz", headers);

        // then
        assertThat(request.mode()).isEqualTo(StreamPlan.Mode.CHANNELS);
        assertThat(request.channels()).containsExactly(new Channel("news:a"), new Channel("news:b"));
        assertThat(request.start()).isEqualTo(new StartPosition.Last(5));
        assertThat(request.lastEventId()).isEqualTo("xyz");
        assertThat(request.token()).isEqualTo(new StreamRequest.Token("abc", false));
    }

    @Test
    void needsNoChannelsToWatch() {
        StreamRequest request = readable("/events/watch", new DefaultHttpHeaders());
        assertThat(request.mode()).isEqualTo(StreamPlan.Mode.WATCH);
        assertThat(request.channels()).containsExactly(RequestReader.WATCH_CHANNEL);
    }

    @Test
    void takesAChannelOnceThatIsNamedTwice() {
        assertThat(readable("/events?channels=news:a,news:a", new DefaultHttpHeaders())
                        .channels())
                .containsExactly(new Channel("news:a"));
    }

    @Test
    void prefersTheHeaderToTheParameter() {
        HttpHeaders headers = new DefaultHttpHeaders().add("Last-Event-ID", "header");
        assertThat(readable("/events?channels=news&last_event_id=query", headers)
                        .lastEventId())
                .isEqualTo("header");
    }

    @ParameterizedTest
    @CsvSource({
        "lastEventId=a, a",
        "lastEventId=a&last_event_id=a, a",
        "lastEventId=&last_event_id=a, a",
        "lastEventId=a&last_event_id=, a",
    })
    void takesTheNameThatPolyfillsGiveToTheCursor(String query, String cursor) {
        assertThat(readable("/events?channels=news&" + query, new DefaultHttpHeaders())
                        .lastEventId())
                .isEqualTo(cursor);
    }

    @Test
    void readsHowOftenHeartbeatsAreWanted() {
        HttpHeaders none = new DefaultHttpHeaders();
        assertThat(readable("/events?channels=news", none).heartbeatSeconds()).isZero();
        assertThat(readable("/events?channels=news&heartbeat=1", none).heartbeatSeconds())
                .isEqualTo(1);
        assertThat(readable("/events/watch?heartbeat=300", none).heartbeatSeconds())
                .isEqualTo(300);
    }

    @Test
    void findsTheTokenInTheCookieAndMayDoWithoutThatOne() {
        HttpHeaders headers = new DefaultHttpHeaders().add("Cookie", "a=b; tailrace_token=abc");
        assertThat(readable("/events?channels=news", headers).token()).isEqualTo(new StreamRequest.Token("abc", true));
    }

    @Test
    void neverShowsAToken() {
        HttpHeaders headers = new DefaultHttpHeaders();
        assertThat(readable("/events?channels=news&access_token=secret", headers))
                .hasToString(readable("/events?channels=news&access_token=other", headers)
                        .toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sec-Fetch-Mode: cors | | true",
                "Accept: text/event-stream | Origin: http://x | true",
                "Accept: text/event-stream | Referer: http://x/ | true",
                "Accept: text/event-stream | | false",
                "Origin: http://x | | false",
            })
    void knowsABrowserThatReconnectsByItself(String first, String second, boolean browser) {
        // given
        HttpHeaders headers = new DefaultHttpHeaders().add("Last-Event-ID", "?");
        for (String header : new String[] {first, second == null ? "X: y" : second}) {
            headers.add(header.split(": ")[0], header.split(": ")[1]);
        }

        // when, then
        assertThat(readable("/events?channels=news", headers).browserReconnect())
                .isEqualTo(browser);
    }

    @Test
    void takesAnIdInTheQueryForOneThatAProgramWrote() {
        HttpHeaders headers = new DefaultHttpHeaders().add("Sec-Fetch-Mode", "cors");
        assertThat(readable("/events?channels=news&last_event_id=?", headers).browserReconnect())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/events | validation",
                "/events?channels= | validation",
                "/events?channels=news,,news | validation",
                "/events?channels=News | validation",
                "/events?channels=news%00 | validation",
                "/events?channels=news%0d%0aX:1 | validation",
                "/events?channels=news&channels=chat | validation",
                "/events?channels=news&start=now | validation",
                "/events?channels=news&start=last:0 | validation",
                "/events?channels=news&start=last:1001 | validation",
                "/events?channels=news&access_token=a&access_token=b | validation",
                "/events?channels=news&last_event_id=a&last_event_id=b | validation",
                "/events?channels=news&lastEventId=a&lastEventId=a | validation",
                "/events?channels=news&last_event_id=a&lastEventId=b | validation",
                "/events?channels=news&heartbeat=0 | validation",
                "/events?channels=news&heartbeat=301 | validation",
                "/events?channels=news&heartbeat=-1 | validation",
                "/events?channels=news&heartbeat=1.5 | validation",
                "/events?channels=news&heartbeat=15s | validation",
                "/events?channels=news&heartbeat=%D9%A1%D9%A5 | validation",
                "/events?channels=news&heartbeat=99999999999999999999 | validation",
                "/events?channels=news&heartbeat=5&heartbeat=5 | validation",
                "/events/watch?heartbeat=soon | validation",
                "/events?channels=news&refusal=soft | validation",
                "/events?channels=news&refusal=event&refusal=event | validation",
                "/events?channels=%zz | bad-request",
            })
    void namesWhatIsWrong(String uri, String type) {
        Refusal refusal = refused(uri, new DefaultHttpHeaders());
        assertThat(refusal.problem().status()).isEqualTo(400);
        assertThat(refusal.problem().type()).endsWith("/" + type);
    }

    @Test
    void namesTheChannelThatIsWrong() {
        assertThat(refused("/events?channels=news,%C3%A4", new DefaultHttpHeaders())
                        .problem()
                        .errors())
                .singleElement()
                .satisfies(error -> assertThat(error.field()).isEqualTo("channels[1]"));
    }

    @Test
    void refusesTenThousandChannels() {
        String names = IntStream.range(0, 10_000).mapToObj(i -> "news:" + i).collect(Collectors.joining(","));
        assertThat(refused("/events?channels=" + names, new DefaultHttpHeaders())
                        .problem()
                        .type())
                .endsWith("/too-many-channels");
    }

    private StreamRequest readable(String uri, HttpHeaders headers) {
        return ((RequestReader.Readable) reader.read(uri, headers, false)).request();
    }

    private Refusal refused(String uri, HttpHeaders headers) {
        return ((RequestReader.Unreadable) reader.read(uri, headers, false)).refusal();
    }
}
