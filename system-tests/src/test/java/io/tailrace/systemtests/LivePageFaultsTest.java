package io.tailrace.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.tailrace.systemtests.browser.Chromium;
import io.tailrace.systemtests.browser.LivePage;
import io.tailrace.systemtests.platform.FaultyProxy;
import io.tailrace.systemtests.platform.FaultyProxy.Mode;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.SharedPlatform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The live page behind a proxy like the shortest nginx, which fails in the ways that proxies do. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class LivePageFaultsTest {
    private static final Pattern API = Pattern.compile("/(feed|shows|events)\\?|/metrics/");

    private static Platform platform;
    private static Chromium chromium;

    private final List<String> faults = new ArrayList<>();
    private FaultyProxy proxy;
    private Page page;

    @BeforeAll
    static void startTheBrowser(Platform shared) {
        platform = shared;
        chromium = new Chromium();
        PlaywrightAssertions.setDefaultAssertionTimeout(30_000);
    }

    @AfterAll
    static void stopTheBrowser() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void somebodyIsSignedInThroughTheProxy() throws Exception {
        proxy = new FaultyProxy(platform.origin());
        page = chromium.page();
        page.onPageError(faults::add);
        page.navigate(proxy.origin() + "/?watchdog=3");
        LivePage.register(page, "eve");
        assertThat(page.locator("#state")).hasText("live");
    }

    @AfterEach
    void nothingFailedInThePage() throws Exception {
        page.context().close();
        proxy.close();
        assertThat(faults).isEmpty();
    }

    @Test
    void a_proxy_that_goes_silent_is_noticed_and_the_page_goes_on_at_its_cursor() {
        // given a post
        LivePage.post(page, "before");
        assertThat(page.locator("#posts li")).hasCount(1);

        // when the proxy says nothing more
        proxy.set(Mode.SILENT);

        // then the page does not say live any more, but what it does and why
        assertThat(page.locator("#state")).hasText("reconnecting");
        assertThat(page.locator("#log")).containsText("the connection died without a word; next attempt in");
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "live-page-reconnecting.png")));

        // and when it works again, the page goes on by itself, and people can write
        proxy.set(Mode.WORKING);
        assertThat(page.locator("#state")).hasText("live");
        assertThat(page.locator("#log")).containsText("resumed at the cursor");
        LivePage.post(page, "after");
        assertThat(page.locator("#posts li")).hasCount(2);
        assertThat(page.locator("#log")).not().containsText("gap");
    }

    @ParameterizedTest
    @EnumSource(names = {"UNAVAILABLE", "CLOSING"})
    void an_outage_is_told_and_afterwards_the_page_goes_on_by_itself(Mode outage) {
        // when nothing answers, or only the proxy does
        proxy.set(outage);

        // then the page says so, also to whoever writes, and keeps the session
        assertThat(page.locator("#state")).hasText("reconnecting");
        assertThat(page.locator("#state-reason"))
                .containsText(outage == Mode.UNAVAILABLE ? "The server answers 503" : "The server cannot be reached");
        page.fill("#post input", "written in the outage");
        page.click("#post button");
        assertThat(page.locator("#feed-fault")).containsText("Try again");
        LivePage.letTheTokenEnd(page);
        page.click("#post button");
        assertThat(page.locator("#feed-fault")).containsText("Try again");
        assertThat(page.locator("#signed-in")).isVisible();

        // and when it is over, all is as it was
        proxy.set(Mode.WORKING);
        assertThat(page.locator("#state")).hasText("live");
        page.click("#post button");
        assertThat(page.locator("#posts li")).hasCount(1);
    }

    @Test
    void a_page_that_is_loaded_in_an_outage_of_the_api_fills_itself_afterwards() {
        // given a server whose page comes, and nothing else
        page.route(API, Route::abort);

        // when the page is loaded, and then the rest works again
        page.navigate(proxy.origin() + "/?share=no");
        assertThat(page.locator("#state-reason")).isVisible();
        page.unroute(API);

        // then it goes on by itself
        assertThat(page.locator("#state")).hasText("live");
        assertThat(page.locator("#posts-empty")).isVisible();
        LivePage.post(page, "here again");
        assertThat(page.locator("#posts li")).hasCount(1);
    }
}
