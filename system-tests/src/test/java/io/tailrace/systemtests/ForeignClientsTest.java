package io.tailrace.systemtests;

import static io.tailrace.systemtests.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.tailrace.systemtests.browser.Chromium;
import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.client.NodeSubscriber;
import io.tailrace.systemtests.client.Publisher;
import io.tailrace.systemtests.platform.CuttingProxy;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.SharedPlatform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients that we did not write, through a proxy that drops their connections in the middle of frames. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class ForeignClientsTest {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final int CHANNELS = 4;
    private static final int PER_CHANNEL = 50;

    /** After each cut a client waits as long as the edge told it to, so more events take longer; 3,000 are for a long look. */
    private static final int EVENTS = Integer.getInteger("tailrace.events", 1000);

    private static final int CUTS = 6;

    private static Platform platform;

    @BeforeAll
    static void everythingRuns(Platform shared) {
        platform = shared;
    }

    @Test
    void the_npm_eventsource_client_loses_and_repeats_nothing() throws Exception {
        // given the client behind a proxy that cuts
        List<String> channels = channels("npm");
        try (CuttingProxy proxy = new CuttingProxy(platform.origin(), 5_000, 60_000, 1);
                NodeSubscriber subscriber = new NodeSubscriber(url(proxy.origin(), channels), "stream.open,counted")) {
            eventually("the stream is open", LIMIT, () -> subscriber.opened() > 0);

            // when events are published
            Map<String, Publisher> publishers = publish(channels);
            eventually("events and cuts", LIMIT, () -> written(publishers) > EVENTS && proxy.cuts() >= CUTS);
            Map<String, List<String>> published = stop(publishers);

            // then each channel is whole and in order
            int total = published.values().stream().mapToInt(List::size).sum();
            eventually("all " + total + " arrived", LIMIT, () -> subscriber.count() >= total);
            for (String channel : channels) {
                assertThat(subscriber.received(channel)).as(channel).isEqualTo(published.get(channel));
            }
            System.out.printf(
                    Locale.ROOT, "npm eventsource: %d events, %d cuts, 0 lost, 0 repeated%n", total, proxy.cuts());
        }
    }

    @Test
    void chromiums_own_event_source_loses_and_repeats_nothing() throws Exception {
        // given a page whose EventSource goes through a proxy that cuts
        List<String> channels = channels("chromium");
        try (CuttingProxy proxy = new CuttingProxy(platform.origin(), 5_000, 60_000, 2);
                Chromium chromium = new Chromium()) {
            Page page = chromium.page();
            // The page and the stream share an origin, the proxy's: EventSource is then not subject to CORS.
            page.navigate(proxy.origin() + "/health/liveness");
            page.evaluate(
                    """
                    url => {
                      window.ids = {};
                      window.opened = 0;
                      const follow = target => {
                        const source = new EventSource(target);
                        let last = '';
                        source.addEventListener('stream.open', e => { window.opened++; last = e.lastEventId; });
                        source.addEventListener('counted', e => {
                          last = e.lastEventId;
                          const { channel, id } = JSON.parse(e.data);
                          (window.ids[channel] ??= []).push(id);
                        });
                        source.onerror = () => {
                          if (source.readyState === EventSource.CLOSED) {
                            const next = new URL(url);
                            if (last) next.searchParams.set('last_event_id', last);
                            setTimeout(() => follow(next.toString()), 200);
                          }
                        };
                      };
                      follow(url);
                    }""",
                    url(proxy.origin(), channels));
            eventually("the stream is open", LIMIT, () -> number(page, "window.opened") > 0);

            // when events are published
            Map<String, Publisher> publishers = publish(channels);
            eventually("events and cuts", LIMIT, () -> written(publishers) > EVENTS && proxy.cuts() >= CUTS);
            Map<String, List<String>> published = stop(publishers);

            // then each channel is whole and in order
            int total = published.values().stream().mapToInt(List::size).sum();
            String count = "Object.values(window.ids).reduce((sum, ids) => sum + ids.length, 0)";
            eventually("all " + total + " arrived", LIMIT, () -> number(page, count) >= total);
            for (String channel : channels) {
                assertThat(page.evaluate("channel => window.ids[channel]", channel))
                        .as(channel)
                        .isEqualTo(published.get(channel));
            }
            System.out.printf(Locale.ROOT, "Chromium: %d events, %d cuts, 0 lost, 0 repeated%n", total, proxy.cuts());
        }
    }

    private static int number(Page page, String expression) {
        return ((Number) page.evaluate(expression)).intValue();
    }

    private static List<String> channels(String name) {
        return new ArrayList<>(
                IntStream.range(0, CHANNELS).mapToObj(i -> "news:" + name + i).toList());
    }

    private static String url(String origin, List<String> channels) throws Exception {
        return origin + "/events?channels=" + String.join(",", channels) + "&access_token=" + platform.token("reader");
    }

    private static Map<String, Publisher> publish(List<String> channels) throws Exception {
        Api api = new Api(platform.origin(), platform.token("publisher", "--publish", "news:*"));
        Map<String, Publisher> publishers = new LinkedHashMap<>();
        channels.forEach(channel -> publishers.put(channel, Publisher.onChannel(api, channel, PER_CHANNEL)));
        return publishers;
    }

    /** How many events were acknowledged. The client, which is cut off again and again, has them later: it is not waited for here. */
    private static int written(Map<String, Publisher> publishers) {
        return publishers.values().stream()
                .mapToInt(publisher -> publisher.acknowledged().size())
                .sum();
    }

    private static Map<String, List<String>> stop(Map<String, Publisher> publishers) throws InterruptedException {
        Map<String, List<String>> published = new LinkedHashMap<>();
        for (Map.Entry<String, Publisher> publisher : publishers.entrySet()) {
            published.put(publisher.getKey(), publisher.getValue().stop());
        }
        return published;
    }
}
