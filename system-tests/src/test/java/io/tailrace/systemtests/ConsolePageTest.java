package io.tailrace.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.client.ConsoleBrowser;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.SharedPlatform;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The console in a real Chromium, on everything that {@code up} starts. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class ConsolePageTest {
    private static final long LIMIT_S = 30;

    private static Platform platform;
    private static ConsoleBrowser console;

    @BeforeAll
    static void startTheBrowser(Platform shared) throws Exception {
        platform = shared;
        console = new ConsoleBrowser(shared);
    }

    @AfterAll
    static void stopTheBrowser() {
        if (console != null) {
            console.close();
        }
    }

    @Test
    void an_admin_finds_a_connection_looks_into_it_and_ends_it() throws Exception {
        // given somebody who follows a channel, and an admin at the console
        String viewer = ConsoleBrowser.unique("viewer");
        String channel = "news:" + viewer;
        CompletableFuture<String> stream = console.follow(viewer, channel);
        Page page = console.open();
        console.signIn(page);

        // when the connection is looked for
        page.fill("#connections-find", viewer.toUpperCase(Locale.ROOT));

        // then it is there with what it reads, and with more when it is opened
        assertThat(page.locator("#connections tbody tr")).hasCount(1);
        assertThat(page.locator("#connections tbody tr")).containsText(channel);
        page.click("#connections .toggle");
        assertThat(page.locator("#connections .detail")).containsText("sse");
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "console-connections.png")));

        // when its end is asked for, and then not wanted
        Locator disconnect = page.locator("#connections tbody tr:not(.detail) .danger");
        disconnect.click();
        assertThat(page.locator("#confirm-title")).hasText("Disconnect " + viewer + "?");
        page.click("#confirm-no");

        // then nothing has happened
        assertThat(page.locator("#confirm")).isHidden();
        assertThat(stream.isDone()).isFalse();

        // when it is wanted
        disconnect.click();
        page.click("#confirm-yes");

        // then the client is told, its stream ends, and its row goes
        assertThat(stream.get(LIMIT_S, TimeUnit.SECONDS)).contains("event: stream.closing", "\"admin\"");
        assertThat(page.locator("#connections-news")).containsText(viewer);
        assertThat(page.locator("#connections tbody tr")).hasCount(0);
        assertThat(page.locator("#connections-state")).containsText("0 connections");
        console.end(page);
    }

    @Test
    void a_channel_is_inspected_from_its_past_on_and_published_on() throws Exception {
        // given a channel with a past that is longer than what is shown first
        String channel = "news:" + ConsoleBrowser.unique("inspected");
        Api publisher = new Api(platform.origin(), console.admin());
        publisher.mustWrite(
                "POST",
                "/channels/" + channel + "/events",
                IntStream.range(0, 60)
                        .mapToObj(n -> Map.of("type", "numbered", "data", Map.of("n", n)))
                        .toList());
        Page page = console.open();
        console.signIn(page);

        // when it is followed
        page.click("#views a[href='#inspector']");
        page.fill("#inspect input", channel);
        page.click("#inspect button");

        // then its newest events are there, the newest first, and the older ones when they are asked for
        Locator events = page.locator("#events li");
        assertThat(page.locator("#inspector-state")).hasText("live");
        assertThat(events).hasCount(50);
        assertThat(events.first()).containsText("{\"n\":59}");
        page.click("#inspector-older");
        assertThat(events).hasCount(60);
        assertThat(events.last()).containsText("{\"n\":0}");

        // when something is published, first something that is no JSON
        page.fill("#publish [name=type]", "headline");
        page.fill("#publish [name=data]", "{text}");
        page.click("#publish button");
        assertThat(page.locator("#publish-fault")).containsText("not JSON");
        page.fill("#publish [name=data]", "{\"text\": \"from the <b>console</b>\"}");
        page.click("#publish button");

        // then it comes back on the stream, as text
        assertThat(page.locator("#publish-news")).containsText("Published");
        assertThat(events).hasCount(61);
        assertThat(events.first()).containsText("headline");
        assertThat(events.first()).containsText("from the <b>console</b>");
        events.first().locator("summary").click();
        assertThat(events.first().locator("pre").last()).containsText("cursor");
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "console-inspector.png")));

        // and while it is paused, what comes waits
        page.click("#inspector-pause");
        assertThat(page.locator("#inspector-state")).hasText("paused");
        publisher.mustWrite(
                "POST", "/channels/" + channel + "/events", Map.of("type", "numbered", "data", Map.of("n", 61)));
        page.click("#inspector-pause");
        assertThat(events).hasCount(62);
        assertThat(events.first()).containsText("{\"n\":61}");
        console.end(page);
    }

    @Test
    void channels_namespaces_health_and_the_command_for_a_token_are_shown() throws Exception {
        // given a channel that somebody follows, and an admin whose tab was loaded anew
        String viewer = ConsoleBrowser.unique("reader");
        String channel = "news:" + viewer;
        CompletableFuture<String> stream = console.follow(viewer, channel);
        Page page = console.open();
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        console.signIn(page);
        page.reload();
        assertThat(page.locator("#connections-title")).isVisible();

        // when its channel is looked for while events come, then it has a subscriber, and a rate that is counted anew
        // each time
        page.click("#views a[href='#channels']");
        page.fill("#channels-find", viewer);
        Locator row = page.locator("#channels tbody tr");
        assertThat(row).hasCount(1);
        assertThat(row.locator("td").nth(0)).hasText("1");
        assertThat(row.locator("td").nth(1)).hasText("0/s");
        assertThat(page.locator("#channels-state")).containsText("at the edge ");
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "console-channels-dark.png")));

        // and the other views say what they should
        page.click("#views a[href='#namespaces']");
        assertThat(page.locator("#namespaces tbody tr:has(th:text-is('metrics'))"))
                .containsText("public, grant");
        page.click("#views a[href='#health']");
        assertThat(page.locator("#health tbody tr:has(th:text-is('edge'))")).containsText("streams");
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "console-health-dark.png")));
        page.click("#views a[href='#tokens']");
        page.fill("#token [name=subject]", "the team's");
        page.check("#token [value=admin]");
        page.fill("#token [name=subscribe]", "logs:acme:*\nnews");
        assertThat(page.locator("#token-command"))
                .hasText("./tailrace token --sub 'the team'\\''s' --role admin --subscribe 'logs:acme:*' --subscribe"
                        + " news --ttl 1h");
        page.fill("#token [name=publish]", "logs:a*");
        assertThat(page.locator("#token-fault")).containsText("logs:a* is no pattern");
        assertThat(page.locator("#token-copy")).isDisabled();
        stream.cancel(true);
        console.end(page);
    }
}
