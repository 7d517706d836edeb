package io.tailrace.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.tailrace.systemtests.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.tailrace.systemtests.browser.Chromium;
import io.tailrace.systemtests.browser.LivePage;
import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.SharedPlatform;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several tabs of the live page in one browser: their session, and their connection. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class LivePageTabsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** A browser has six connections to a server over HTTP/1.1. */
    private static final int CONNECTIONS = 6;

    private static Platform platform;
    private static Chromium chromium;

    private final List<String> faults = new ArrayList<>();
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
    void aPage() {
        page = chromium.page();
        page.onPageError(faults::add);
        page.navigate(platform.origin() + "/?watchdog=6");
    }

    @AfterEach
    void nothingFailedInThePages() {
        page.context().close();
        assertThat(faults).isEmpty();
    }

    @ParameterizedTest(name = "with Web Locks: {0}")
    @ValueSource(booleans = {true, false})
    void a_tab_and_its_duplicate_renew_their_token_once_each_at_most_and_both_stay_signed_in(boolean locks) {
        // given a tab and a duplicate of it, in a browser that has Web Locks, or that has none over plain http
        if (!locks) {
            page.context().addInitScript("delete Navigator.prototype.locks");
            page.reload();
        }
        LivePage.register(page, "dora");
        Page copy = LivePage.duplicate(page);
        assertThat(copy.locator("#signed-in")).isVisible();
        List<String> renewals = new ArrayList<>();
        page.context().onRequest(request -> {
            if (request.url().endsWith("/auth/refresh")) {
                renewals.add(request.url());
            }
        });

        // when both need another token at once, in several calls each
        LivePage.letTheTokenEnd(page);
        String calls =
                "() => Promise.all([1, 2, 3].map(async () => (await import('/live/js/api.js')).call('GET', '/feed')))"
                        + ".then(answers => answers.length)";
        page.evaluate("() => { window.answers = (" + calls + ")(); }");
        assertThat(copy.evaluate(calls)).isEqualTo(3);
        assertThat(page.evaluate("() => window.answers")).isEqualTo(3);

        // then it is renewed once, or once by each, because a process of the browser may see the lock before what
        // was stored under it; and both go on
        assertThat(renewals).hasSizeBetween(1, 2);
        LivePage.post(page, "one");
        LivePage.post(copy, "two");
        assertThat(page.locator("#posts li")).hasCount(2);
        assertThat(copy.locator("#posts li")).hasCount(2);
    }

    @Test
    void tabs_that_know_nothing_of_one_another_get_the_same_successor() {
        // given a copy of a session in a browser of its own: no lock and no storage is shared
        LivePage.register(page, "dora");
        Page other = chromium.page();
        other.onPageError(faults::add);
        Object name = page.evaluate("() => sessionStorage.getItem('tailrace.session')");
        Object tokens = page.evaluate("name => localStorage.getItem('tailrace.session.' + name)", name);
        other.navigate(platform.origin() + "/");
        other.evaluate(
                "([name, tokens]) => { sessionStorage.setItem('tailrace.session', name);"
                        + " localStorage.setItem('tailrace.session.' + name, tokens); }",
                List.of(name, tokens));
        other.reload();
        assertThat(other.locator("#signed-in")).isVisible();

        // when both renew
        for (Page tab : List.of(page, other)) {
            LivePage.letTheTokenEnd(tab);
            LivePage.post(tab, "still here");
        }

        // then both are signed in with the same token
        String refresh = "name => JSON.parse(localStorage.getItem('tailrace.session.' + name)).refresh";
        assertThat(other.evaluate(refresh, name)).isEqualTo(page.evaluate(refresh, name));
        other.context().close();
    }

    @Test
    void a_session_that_the_server_has_ended_is_shown_and_the_stream_goes_on_for_nobody() {
        // given a session that the server has ended
        LivePage.register(page, "lost");
        assertThat(page.locator("#channels")).containsText("feed:");
        page.evaluate(
                """
                async () => {
                  const {session} = await import('/live/js/session.js');
                  await fetch('/auth/logout', {method: 'POST', headers: {'Content-Type': 'application/json'},
                    body: JSON.stringify({refresh_token: session().refresh})});
                }
                """);

        // when its token is to be renewed
        LivePage.letTheTokenEnd(page);
        page.fill("#post input", "lost");
        page.click("#post button");

        // then the page says so, follows what everybody may, and has the way back ready
        assertThat(page.locator("#session-notice")).containsText("You are signed out");
        assertThat(page.locator("#signed-in")).isHidden();
        assertThat(page.locator("#who")).hasText("");
        assertThat(page.locator("#channels")).hasText("metrics");
        assertThat(page.locator("#state")).hasText("live");
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "live-page-signed-out.png")));
        LivePage.signInAgain(page);
        assertThat(page.locator("#session-notice")).isHidden();
        LivePage.post(page, "back");
        assertThat(page.locator("#posts li")).hasCount(1);
    }

    @Test
    void signing_out_signs_out_the_duplicate_too_and_nobody_else() {
        // given a tab, its duplicate, and a tab of somebody else in the same browser
        LivePage.register(page, "dora");
        Page copy = LivePage.duplicate(page);
        Page other = page.context().newPage();
        other.navigate(platform.origin() + "/");
        LivePage.register(other, "otto");

        // when she signs out
        page.getByText("Sign out", new Page.GetByTextOptions().setExact(true)).click();

        // then the duplicate says so, and he goes on
        assertThat(page.locator("#signed-out")).isVisible();
        assertThat(copy.locator("#session-notice")).containsText("this session has ended in another tab");
        LivePage.post(other, "still here");
        assertThat(other.locator("#posts li")).hasCount(1);
        assertThat(other.locator("#channels")).containsText("feed:" + other.textContent("#my-id"));
    }

    @Test
    void more_windows_of_a_person_than_a_browser_has_connections_follow_a_show_and_hold_seats() throws Exception {
        // given a show that is open in more windows than a browser has connections
        String show = show();
        LivePage.register(page, "dora");
        page.evaluate("show => { location.hash = 'show=' + show; }", show);
        assertThat(page.locator("#seats-state")).hasText("live");
        List<Page> windows = new ArrayList<>(List.of(page));
        while (windows.size() <= CONNECTIONS) {
            windows.add(LivePage.duplicate(page));
        }
        for (Page window : windows) {
            window.onPageError(faults::add);
            assertThat(window.locator("#seats-state")).hasText("live");
            assertThat(window.locator("#sharing")).hasText("by the tabs of this person");
        }

        // then the edge has one connection of hers
        String her = page.textContent("#my-id");
        Api operator = new Api(platform.origin(), platform.token("operator", "--role", "admin"));
        eventually("one connection", LIMIT, () -> connectionsOf(her, operator) == 1);

        // when she holds a seat in the last one, which has the connection's worker no less when the first is closed
        page.close();
        Page last = windows.removeLast();
        windows.removeFirst();
        seat(last, "A row 1 seat 1, free").click();
        last.click("#hold");

        // then all show it as hers, by that one connection
        for (Page window : windows) {
            assertThat(seat(window, "A row 1 seat 1, held by you")).isVisible();
        }
        assertThat(last.locator("#reservations li")).hasCount(1);
        assertThat(connectionsOf(her, operator)).isEqualTo(1);
    }

    @Test
    void a_window_that_comes_back_from_a_cut_sees_what_it_missed_from_the_shared_connection() {
        // given two windows of a person, of which one is cut
        LivePage.register(page, "dora");
        Page copy = LivePage.duplicate(page);
        assertThat(copy.locator("#state")).hasText("live");
        LivePage.post(page, "one");
        assertThat(copy.locator("#posts li")).hasCount(1);
        copy.click("#cut");
        LivePage.post(page, "two");
        assertThat(page.locator("#posts li")).hasCount(2);
        assertThat(copy.locator("#posts li")).hasCount(1);

        // when it is resumed
        copy.click("#resume");

        // then it has all, once, and still shares the connection
        assertThat(copy.locator("#posts li")).hasCount(2);
        assertThat(copy.locator("#state")).hasText("live");
        assertThat(copy.locator("#sharing")).hasText("by the tabs of this person");
        assertThat(copy.locator("#connection-id")).hasText(page.textContent("#connection-id"));
    }

    @Test
    void a_window_that_gets_no_connection_says_so_and_goes_on_when_there_is_one() {
        // given windows that do not share, as many as a browser has connections
        page.navigate("about:blank");
        List<Page> windows = new ArrayList<>();
        while (windows.size() < CONNECTIONS) {
            windows.add(unshared());
            assertThat(windows.getLast().locator("#state")).hasText("live");
        }

        // when one more connects
        Page more = windows.getFirst();
        more.click("#cut");
        Page filler = unshared();
        assertThat(filler.locator("#state")).hasText("live");
        more.click("#resume");

        // then it says what is wrong, and is live as soon as another one is closed
        assertThat(more.locator("#state-reason")).containsText("close other tabs of this page");
        filler.close();
        assertThat(more.locator("#state")).hasText("live");
        assertThat(more.locator("#state-reason")).isHidden();
    }

    private static long connectionsOf(String subject, Api operator) throws Exception {
        JsonNode page =
                operator.call("GET", "/admin/connections?limit=1000", null).json();
        assertThat(page.path("next").isNull()).as("all of them are on one page").isTrue();
        return StreamSupport.stream(page.path("connections").spliterator(), false)
                .filter(connection -> connection.path("subject").asText().equals(subject))
                .count();
    }

    private Page unshared() {
        Page window = page.context().newPage();
        window.onPageError(faults::add);
        window.navigate(platform.origin() + "/?watchdog=6&share=no");
        return window;
    }

    private static String show() throws Exception {
        Api organizer = new Api(platform.origin(), platform.token("the-house", "--role", "organizer"));
        return organizer
                .mustWrite(
                        "POST",
                        "/shows",
                        Map.of(
                                "name",
                                "Many windows " + System.nanoTime(),
                                "starts_at",
                                Instant.now().plus(1, ChronoUnit.DAYS).toString(),
                                "sections",
                                List.of(Map.of("name", "A", "rows", 1, "seats_per_row", 8, "price", 1))))
                .path("id")
                .asText();
    }

    private static Locator seat(Page page, String name) {
        return page.getByRole(
                AriaRole.GRIDCELL, new Page.GetByRoleOptions().setName(name).setExact(true));
    }
}
