package io.tailrace.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.tailrace.systemtests.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import io.tailrace.systemtests.browser.Chromium;
import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.client.ConsoleBrowser;
import io.tailrace.systemtests.platform.FaultyProxy;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.SharedPlatform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The dashboard in a real Chromium, behind a proxy that can be cut. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class DashboardPageTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final double ASSERTION_LIMIT_MS = 60_000;
    private static final String PASSWORD = "correct horse battery";

    private static FaultyProxy proxy;
    private static Chromium chromium;
    private static Api api;

    private final List<String> faults = new ArrayList<>();

    /** How many readings each second has. */
    private final Map<Instant, Integer> written = new TreeMap<>();

    private final Instant base = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(120);

    @BeforeAll
    static void startTheBrowser(Platform platform) throws Exception {
        proxy = new FaultyProxy(platform.origin());
        chromium = new Chromium();
        api = new Api(platform.origin(), null);
        PlaywrightAssertions.setDefaultAssertionTimeout(ASSERTION_LIMIT_MS);
    }

    @AfterAll
    static void stopTheBrowser() throws Exception {
        if (chromium != null) {
            chromium.close();
        }
        if (proxy != null) {
            proxy.close();
        }
    }

    @AfterEach
    void nothingFailedInThePage() {
        proxy.set(FaultyProxy.Mode.WORKING);
        assertThat(faults).isEmpty();
    }

    @Test
    void a_range_that_goes_live_after_a_cut_has_every_window_once_with_all_of_its_readings() throws Exception {
        // given a chart of the past, with a gap
        String metric = metric("walk");
        write(metric, 0, 10);
        write(metric, 30, 40);
        Page page = open("15m", metric);
        page.getByRole(AriaRole.BUTTON, named("Table")).click();
        assertThat(page.locator("caption")).containsText(": 20 windows");
        assertThat(page.locator("#stream")).hasText("live");
        Locator summary = page.locator("#panel-1-summary");
        assertThat(summary).containsText(Pattern.compile("20 windows of 1s with 20 readings,.*, 1 gap\\.$"));

        // when the connection is cut, and there are late readings, and new ones
        proxy.set(FaultyProxy.Mode.CLOSING);
        assertThat(page.locator("#stream")).hasText("reconnecting");
        assertThat(page.locator("#stream-reason")).containsText("Values stand still");
        assertThat(page.locator(".stale")).hasAttribute("visibility", "visible");
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "dashboard-cut.png")));
        write(metric, 5, 8);
        write(metric, 40, 50);
        proxy.set(FaultyProxy.Mode.WORKING);

        // then each window is there once, with all of its readings, and so are those that come later
        assertThat(page.locator("#stream")).hasText("live");
        assertThat(page.locator(".stale")).hasAttribute("visibility", "hidden");
        eventually("the windows of the cut", LIMIT, () -> shown(page).equals(written));
        write(metric, 48, 53);
        eventually("the windows after the cut", LIMIT, () -> shown(page).equals(written));
        assertThat(summary).containsText("33 windows of 1s with 38 readings");

        // and when a part of it is marked, which stands, and it goes live again, nothing is missing either
        BoundingBox chart = page.locator(".stage").boundingBox();
        page.mouse().move(chart.x + chart.width * 0.3, chart.y + chart.height / 2);
        page.mouse().down();
        page.mouse().move(chart.x + chart.width * 0.6, chart.y + chart.height / 2);
        page.mouse().up();
        assertThat(page.locator("#range-words")).containsText("From ");
        write(metric, 60, 64);
        page.getByRole(AriaRole.BUTTON, named("Go live")).click();
        eventually("the windows after going live", LIMIT, () -> shown(page).equals(written));
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "dashboard-live.png")));
        page.context().close();
    }

    @Test
    void charts_are_read_zoomed_sorted_and_taken_along_with_the_keyboard_alone() throws Exception {
        // given two metrics on one axis
        String room = metric("room");
        String cellar = metric("cellar");
        write(room, 0, 60);
        write(cellar, 20, 30);
        Page page = open("15m", room + "," + cellar);
        assertThat(page.locator("#panel-1-summary")).containsText("60 windows");
        assertThat(page.locator("#panel-1-summary")).containsText("10 windows");
        assertThat(page.locator("path.line")).hasCount(2);

        // when the first windows are marked and entered
        ConsoleBrowser.tabTo(page, ".stage");
        for (String key : List.of("Home", "Shift+ArrowRight", "Shift+ArrowRight", "ArrowRight", "Home")) {
            page.keyboard().press(key);
        }
        assertThat(page.locator(".unseen[role=status]")).containsText("room-");
        for (int i = 0; i < 20; i++) {
            page.keyboard().press("Shift+ArrowRight");
        }
        assertThat(page.locator(".unseen[role=status]")).containsText("cellar-");
        page.keyboard().press("Enter");

        // then the range is what was marked, and the back button of the browser shows what was before
        assertThat(page.locator("#range-words")).containsText("From ");
        assertThat(page.locator("#panel-1-summary")).containsText("20 windows");
        page.keyboard().press("l");
        assertThat(page.locator("#go-live")).isDisabled();
        page.goBack();
        assertThat(page.locator("#range-words")).containsText("From ");
        page.goBack();
        assertThat(page.locator("#panel-1-summary")).containsText("60 windows");

        // when the table is sorted by the number of readings, and taken along
        ConsoleBrowser.tabTo(page, ".board header button[aria-pressed]");
        page.keyboard().press("Enter");
        ConsoleBrowser.tabTo(page, "th:nth-child(2) button");
        page.keyboard().press("Enter");
        assertThat(page.locator("th[aria-sort]")).hasAttribute("aria-sort", "ascending");
        assertThat(page.locator("tbody td").first()).containsText("cellar-");
        Download csv = page.waitForDownload(() -> {
            ConsoleBrowser.tabTo(page, ".table-view .buttons button:last-child");
            page.keyboard().press("Enter");
        });

        // then the file has what the table has
        List<String> lines = Files.readAllLines(csv.path());
        assertThat(lines).hasSize(71).first().isEqualTo("metric,unit,t,count,min,mean,max");
        assertThat(lines.get(1))
                .matches("cellar-[^,]+,m," + base.plusSeconds(20).toString().replace("Z", ".000Z")
                        + ",1,[^,]+,[^,]+,[^,]+");

        // and on a phone nothing is wider than the screen
        page.setViewportSize(390, 844);
        assertThat(page.locator(".stage")).isVisible();
        assertThat(ConsoleBrowser.hiddenWidth(page)).isZero();
        page.context().close();
    }

    @Test
    void a_dashboard_is_stored_found_again_and_read_by_whoever_has_its_link() throws Exception {
        // given somebody who is signed in here
        String room = metric("room");
        write(room, 0, 10);
        Page page = open("15m", room);
        signIn(page);

        // when it is stored, and shared while something is changed that is not stored
        page.fill("#board-name", "House");
        page.getByRole(AriaRole.BUTTON, named("Save")).click();
        assertThat(page.locator("#boards")).hasValue(Pattern.compile("^[0-9a-f-]{36}$"));
        page.fill(".board .title", "Rooms");
        page.keyboard().press("Tab");
        page.check("#share");
        assertThat(page.locator("#link")).hasValue(Pattern.compile("/dashboard#link=[\\w-]{32}$"));
        String link = page.inputValue("#link");
        String shared = "/dashboards/shared/" + link.substring(link.indexOf('=') + 1);

        // then what is shared is what is stored, and the change is still to be stored
        eventually("the copy has it", LIMIT, () -> titlesOf(shared).equals(List.of("Walks")));
        assertThat(page.locator(".board .title")).hasValue("Rooms");
        page.getByRole(AriaRole.BUTTON, named("Save")).click();
        assertThat(page.locator("#stored-news")).hasText("Stored.");
        page.reload();

        // and it is what it was, also for somebody else who has the link, and may not change it
        assertThat(page.locator(".board .title")).hasValue("Rooms");
        assertThat(page.locator("#panel-1-summary")).containsText("10 windows");
        Page other = chromium.page();
        other.onPageError(faults::add);
        other.navigate(link);
        assertThat(other.locator("#shared-title")).hasText("House (shared with you)");
        assertThat(other.locator("#panel-1-summary")).containsText("10 windows");
        assertThat(other.locator("#add-panel")).isHidden();

        // and when it is deleted, the link leads nowhere
        page.getByRole(AriaRole.BUTTON, named("Delete")).click();
        page.getByRole(AriaRole.BUTTON, named("Delete it")).click();
        assertThat(page.locator("#stored-news")).containsText("Deleted.");
        assertThat(page.locator("#panel-1-summary")).containsText("10 windows");
        eventually(
                "the copy has it no more",
                LIMIT,
                () -> api.call("GET", shared, null).status() == 404);
        other.reload();
        assertThat(other.locator("#fault")).containsText("not shared any more");
        other.context().close();
        page.context().close();
    }

    @Test
    void nothing_is_lost_by_skipping_to_the_charts_or_by_a_question_that_is_not_answered() throws Exception {
        // given two stored dashboards
        List<String> deleted = new ArrayList<>();
        String room = metric("room");
        write(room, 0, 10);
        Page page = open("15m", room);
        signIn(page);
        String house = store(page, "House", "Save");
        String flat = store(page, "Flat", "Save as another");
        page.onRequest(request -> {
            if (request.method().equals("DELETE")) {
                deleted.add(request.url().substring(request.url().lastIndexOf('/') + 1));
            }
        });

        // when the controls are skipped, and the address is changed to one of no view
        Object address = page.evaluate("() => location.hash");
        page.locator("#skip").focus();
        page.keyboard().press("Enter");
        assertThat(page.locator("#main")).isFocused();
        for (String hash : List.of("#main", "#elsewhere")) {
            page.evaluate(
                    """
                    hash => new Promise(done => {
                      addEventListener('hashchange', () => setTimeout(done), { once: true });
                      location.hash = hash;
                    })
                    """,
                    hash);
        }

        // then what was shown is shown
        assertThat(page.evaluate("() => location.hash")).isEqualTo(address);
        assertThat(page.locator("#boards")).hasValue(flat);
        assertThat(page.locator("#panel-1-summary")).containsText("10 windows");

        // and when one is deleted, and the question about the other is left with Escape
        page.getByRole(AriaRole.BUTTON, named("Delete")).click();
        page.getByRole(AriaRole.BUTTON, named("Delete it")).click();
        assertThat(page.locator("#stored-news")).containsText("Deleted.");
        page.selectOption("#boards", house);
        assertThat(page.locator("#board-name")).hasValue("House");
        page.getByRole(AriaRole.BUTTON, named("Delete")).click();
        page.keyboard().press("Escape");
        assertThat(page.locator("#sure")).isHidden();
        page.evaluate("() => new Promise(done => setTimeout(done))");

        // then the other is still there, until that is what is answered
        page.reload();
        assertThat(page.locator("#board-name")).hasValue("House");
        assertThat(deleted).containsExactly(flat);
        page.getByRole(AriaRole.BUTTON, named("Delete")).click();
        page.getByRole(AriaRole.BUTTON, named("Delete it")).click();
        assertThat(page.locator("#stored-news")).containsText("Deleted.");
        assertThat(deleted).containsExactly(flat, house);
        page.context().close();
    }

    private static void signIn(Page page) throws Exception {
        String email = ConsoleBrowser.unique("dana") + "@example.org";
        var unused =
                api.mustWrite("POST", "/auth/register", Map.of("email", email, "password", PASSWORD, "name", "Dana"));
        page.getByRole(AriaRole.BUTTON, named("Sign in")).click();
        page.fill("#who-form input[name=email]", email);
        page.fill("#who-form input[name=password]", PASSWORD);
        page.click("#who-form [type=submit]");
        assertThat(page.locator("#person")).hasText(email);
    }

    /** Stores what is shown. @return its id */
    private static String store(Page page, String name, String button) {
        String before = page.inputValue("#boards");
        page.fill("#board-name", name);
        page.getByRole(AriaRole.BUTTON, named(button)).click();
        assertThat(page.locator("#stored-news")).hasText("Stored.");
        assertThat(page.locator("#boards")).not().hasValue(before);
        return page.inputValue("#boards");
    }

    private static List<String> titlesOf(String shared) throws Exception {
        List<String> titles = new ArrayList<>();
        for (JsonNode panel : api.call("GET", shared, null).json().path("panels")) {
            titles.add(panel.path("title").asText());
        }
        return titles;
    }

    private Page open(String range, String metrics) {
        Page page = chromium.page();
        page.onPageError(faults::add);
        page.onConsoleMessage(message -> {
            if (message.text().contains("Content Security Policy")) {
                faults.add(message.text());
            }
        });
        page.navigate(proxy.origin() + "/dashboard#range=" + range + "&panel=" + metrics + "~1s~Walks");
        return page;
    }

    private static String metric(String name) throws Exception {
        return api.mustWrite("POST", "/metrics", Map.of("name", ConsoleBrowser.unique(name), "unit", "m"))
                .path("id")
                .asText();
    }

    /** A reading in each of some seconds. */
    private void write(String metric, int from, int to) throws Exception {
        List<Map<String, Object>> readings = new ArrayList<>();
        for (int second = from; second < to; second++) {
            Instant at = base.plusSeconds(second);
            readings.add(Map.of("metric_id", metric, "value", 20 + second % 7, "timestamp", at.toString()));
            written.merge(at, 1, Integer::sum);
        }
        assertThat(api.mustWrite("POST", "/metrics/readings", readings)
                        .path("accepted")
                        .asInt())
                .isEqualTo(readings.size());
    }

    /** What the table says: how many readings each window has. Fails if one is there twice. */
    private static Map<Instant, Integer> shown(Page page) {
        Map<Instant, Integer> shown = new TreeMap<>();
        Object rows = page.evaluate(
                """
                () => [...document.querySelectorAll('.values tbody tr')].map(({ cells }) =>
                    `${new Date(cells[0].textContent).toISOString()} ${cells[2].textContent}`)
                """);
        for (Object row : (List<?>) rows) {
            String[] parts = String.valueOf(row).split(" ");
            assertThat(shown.put(Instant.parse(parts[0]), Integer.parseInt(parts[1])))
                    .as("one row of %s", parts[0])
                    .isNull();
        }
        return shown;
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }
}
