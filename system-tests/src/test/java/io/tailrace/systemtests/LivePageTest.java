package io.tailrace.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.tailrace.systemtests.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.tailrace.systemtests.browser.Chromium;
import io.tailrace.systemtests.browser.LivePage;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.SharedPlatform;
import io.tailrace.systemtests.platform.ShortestNginx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The live page in a real Chromium, on everything that {@code up} starts. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class LivePageTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static Platform platform;
    private static Chromium chromium;

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

    @ParameterizedTest
    @ValueSource(strings = {"/", "/dashboard", "/console"})
    void no_control_works_before_the_script_that_answers_it(String path) {
        // given a page whose script does not come: a form would be sent with the password in the address
        Page page = chromium.page();
        page.route("**/js/app.js", Route::abort);

        // when it is opened
        page.navigate(platform.origin() + path);

        // then nothing can be pressed or sent
        Locator controls = page.locator("button, input, select");
        int count = controls.count();
        assertThat(count).isPositive();
        for (int i = 0; i < count; i++) {
            assertThat(controls.nth(i)).isDisabled();
        }
        page.context().close();
    }

    @Test
    void the_machines_charts_move() throws Exception {
        // given the page
        List<String> faults = new ArrayList<>();
        Page page = open(faults);

        // when readings arrive
        Locator charts = page.locator(".chart");
        eventually("four charts", LIMIT, () -> charts.count() >= 4);
        Locator line = charts.first().locator("path.line");
        String before = line.getAttribute("d");

        // then the lines change, have names, and nothing failed in the page
        eventually("the line moves", LIMIT, () -> !String.valueOf(line.getAttribute("d"))
                .equals(before));
        eventually("it has a name", LIMIT, () -> charts.locator("h3").allTextContents().stream()
                .anyMatch(name -> name.toLowerCase(Locale.ROOT).contains("cpu")));
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "live-page-charts.png")));
        assertThat(faults).isEmpty();
        page.context().close();
    }

    @Test
    void a_post_of_a_node_with_a_slow_clock_is_above_those_that_were_written_before_it() {
        // given a feed whose older post has an id of a later time
        List<String> faults = new ArrayList<>();
        Page page = open(faults);
        String author = "0190f3c2-0000-7000-8000-00000000000a";
        String entry = "{\"id\":\"%s-0000-7000-8000-000000000001\",\"author_id\":\"" + author
                + "\",\"text\":\"%s\",\"created_at\":\"2026-01-02T03:04:05Z\"}";
        String feed = "{\"posts\":[" + entry.formatted("0190f3c2", "the second") + ","
                + entry.formatted("7fffffff", "the first") + "],\"next\":null}";
        page.route(
                "**/feed?limit=50",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("application/json")
                        .setBody(feed)));

        // when it is shown, and another post comes by the stream
        LivePage.register(page, "anna");
        assertThat(page.locator("#posts li")).hasCount(2);
        LivePage.post(page, "the third");

        // then the order is that in which they came
        assertThat(page.locator("#posts li")).hasCount(3);
        assertThat(page.locator("#posts li").nth(0)).containsText("the third");
        assertThat(page.locator("#posts li").nth(1)).containsText("the second");
        assertThat(page.locator("#posts li").nth(2)).containsText("the first");
        assertThat(faults).isEmpty();
        page.context().close();
    }

    @Test
    void a_post_reaches_a_follower_and_a_cut_connection_catches_up() {
        // given two people in two tabs of one browser, of whom one follows the other
        List<String> faults = new ArrayList<>();
        Page anna = open(faults);
        Page ben = anna.context().newPage();
        ben.onPageError(faults::add);
        ben.navigate(platform.origin() + "/");
        LivePage.register(anna, "anna");
        LivePage.register(ben, "ben");
        ben.fill("#follow input", anna.locator("#my-id").textContent());
        ben.click("#follow button");
        assertThat(ben.locator("#follow input")).hasValue("");
        assertThat(ben.locator("#state")).hasText("live");

        // when she posts
        LivePage.post(anna, "first light");

        // then he sees it
        assertThat(ben.locator("#posts li").first()).containsText("first light");

        // when his connection is cut while she goes on
        ben.click("#cut");
        assertThat(ben.locator("#state")).hasText("cut");
        LivePage.post(anna, "while you were away, one");
        LivePage.post(anna, "while you were away, two");
        assertThat(anna.locator("#posts li")).hasCount(3);
        assertThat(ben.locator("#posts li")).hasCount(1);
        ben.click("#resume");

        // then he catches up, in order and without repeats
        assertThat(ben.locator("#posts li")).hasCount(3);
        assertThat(ben.locator("#posts li").first()).containsText("two");
        assertThat(ben.locator("#catch-up"))
                .containsText("events in", new LocatorAssertions.ContainsTextOptions().setTimeout(30_000));
        ben.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "live-page-feed.png")));
        assertThat(faults).isEmpty();
        anna.context().close();
    }

    @Test
    void people_sign_up_follow_and_post_behind_the_shortest_nginx() throws Exception {
        try (ShortestNginx nginx = new ShortestNginx(platform.origin())) {
            // given two people behind a proxy that tells nobody for which host it was asked
            String origin = "http://localhost:" + nginx.port();
            List<String> faults = new ArrayList<>();
            Page carla = open(origin, faults);
            Page dora = open(origin, faults);
            LivePage.register(carla, "carla");
            LivePage.register(dora, "dora");

            // when one follows the other, who posts
            carla.fill("#follow input", dora.locator("#my-id").textContent());
            carla.click("#follow button");
            assertThat(carla.locator("#follow input")).hasValue("");
            assertThat(carla.locator("#state")).hasText("live");
            LivePage.post(dora, "through the proxy");

            // then it comes back through the proxy, on the follower's stream
            assertThat(carla.locator("#posts li").first()).containsText("through the proxy");
            assertThat(faults).isEmpty();
            carla.context().close();
            dora.context().close();
        }
    }

    private static Page open(List<String> faults) {
        return open(platform.origin(), faults);
    }

    private static Page open(String origin, List<String> faults) {
        Page page = chromium.page();
        page.onPageError(faults::add);
        page.navigate(origin + "/");
        return page;
    }
}
