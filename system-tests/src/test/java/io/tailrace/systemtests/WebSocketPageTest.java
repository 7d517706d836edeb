package io.tailrace.systemtests;

import static io.tailrace.systemtests.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.tailrace.systemtests.browser.Chromium;
import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.SharedPlatform;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A page in a real Chromium follows a channel by WebSocket, under the page's own content security policy. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class WebSocketPageTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final String FOLLOW =
            """
            ([channel, cursor]) => {
              window.got ??= [];
              const query = new URLSearchParams({channels: channel, ...(cursor && {last_event_id: cursor})});
              window.socket = new WebSocket(`ws://${location.host}/events?${query}`);
              window.socket.onmessage = e => window.got.push(JSON.parse(e.data));
            }
            """;

    private static Platform platform;
    private static Chromium chromium;

    @BeforeAll
    static void startTheBrowser(Platform shared) {
        platform = shared;
        chromium = new Chromium();
    }

    @AfterAll
    static void stopTheBrowser() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @Test
    void a_page_follows_a_channel_and_goes_on_where_it_was() throws Exception {
        // given a page that follows a channel
        String channel = "news:socket-" + UUID.randomUUID();
        Api publisher = new Api(platform.origin(), platform.token("publisher", "--publish", "news:*"));
        Page page = chromium.page();
        page.navigate(platform.origin() + "/");
        page.evaluate(FOLLOW, List.of(channel, ""));
        eventually("it is open", LIMIT, () -> events(page, "stream.open").equals("1"));

        // when something is published, its connection ends, and more is published
        publish(publisher, channel, 1);
        eventually("it has come", LIMIT, () -> numbers(page).equals("1"));
        page.evaluate("() => socket.close()");
        eventually("it is closed", LIMIT, () -> page.evaluate("() => socket.readyState === WebSocket.CLOSED")
                .equals(true));
        publish(publisher, channel, 2);
        publish(publisher, channel, 3);
        Object cursor = page.evaluate("() => got.findLast(m => m.id).id");
        page.evaluate(FOLLOW, List.of(channel, cursor));

        // then it gets what it has missed, once and in order
        eventually("the rest has come", LIMIT, () -> numbers(page).equals("1,2,3"));
        publish(publisher, channel, 4);
        eventually("it goes on", LIMIT, () -> numbers(page).equals("1,2,3,4"));
        assertThat(events(page, "stream.gap")).isEqualTo("0");
        page.context().close();
    }

    private static void publish(Api publisher, String channel, int n) throws Exception {
        publisher.mustWrite(
                "POST", "/channels/" + channel + "/events", Map.of("type", "counted", "data", Map.of("n", n)));
    }

    private static String numbers(Page page) {
        return page.evaluate("() => got.filter(m => m.event === 'counted').map(m => m.data.data.n).join()")
                .toString();
    }

    private static String events(Page page, String type) {
        return page.evaluate("type => String(got.filter(m => m.event === type).length)", type)
                .toString();
    }
}
