package io.tailrace.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.tailrace.systemtests.browser.Chromium;
import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.SharedPlatform;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The seat map of the live page in a real Chromium: two people, each in a browser window of their own. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class SeatMapPageTest {
    private static final String PASSWORD = "correct horse battery";
    private static final String FREE = "free";
    private static final String MINE = "held by you";
    private static final String TAKEN = "held by somebody else";

    private static Platform platform;
    private static Chromium chromium;
    private static Api organizer;

    private final List<String> faults = new ArrayList<>();
    private Page anna;
    private Page ben;

    @BeforeAll
    static void startTheBrowser(Platform shared) throws Exception {
        platform = shared;
        chromium = new Chromium();
        organizer = new Api(platform.origin(), platform.token("the-house", "--role", "organizer"));
        PlaywrightAssertions.setDefaultAssertionTimeout(30_000);
    }

    @AfterAll
    static void stopTheBrowser() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void twoPeople() {
        anna = signedIn("anna");
        ben = signedIn("ben");
    }

    @AfterEach
    void nothingFailedInThePages() {
        chromium.closePages();
        assertThat(faults).isEmpty();
    }

    @Test
    void of_two_who_want_one_seat_in_the_same_moment_exactly_one_gets_it() throws Exception {
        // given two people who have chosen the same seat
        bothOpen(show(Map.of()));
        seat(anna, "Stalls row 3 seat 7", FREE).click();
        seat(ben, "Stalls row 3 seat 7", FREE).click();

        // when both want it at once
        double at = System.currentTimeMillis() + 2_000.0;
        for (Page page : List.of(anna, ben)) {
            button(page, "Hold 1 seat").evaluate("(node, at) => setTimeout(() => node.click(), at - Date.now())", at);
        }

        // then it is held in both windows, for one of them, and the other one is told
        Pattern held = Pattern.compile("^Stalls row 3 seat 7, held by (you|somebody else)$");
        assertThat(seat(anna, held)).isVisible();
        assertThat(seat(ben, held)).isVisible();
        List<Page> winners = new ArrayList<>(List.of(anna, ben));
        winners.removeIf(page -> seat(page, "Stalls row 3 seat 7", MINE).count() == 0);
        assertThat(winners).hasSize(1);
        Page loser = winners.contains(anna) ? ben : anna;
        assertThat(seat(loser, "Stalls row 3 seat 7", TAKEN)).isVisible();
        assertThat(loser.getByText(Pattern.compile("^Somebody was faster: Stalls row 3 seat 7")))
                .isVisible();
    }

    @Test
    void a_hold_counts_down_and_what_becomes_of_it_is_seen_by_the_other() throws Exception {
        // given a hold of two seats
        bothOpen(show(Map.of()));
        seat(anna, "Stalls row 1 seat 4", FREE).click();
        seat(anna, "Stalls row 1 seat 5", FREE).click();
        button(anna, "Hold 2 seats").click();
        assertThat(seat(ben, "Stalls row 1 seat 4", TAKEN)).isVisible();
        Locator timer = anna.getByRole(AriaRole.TIMER);
        assertThat(timer).hasText(Pattern.compile("^4:[0-5][0-9]$"));
        String first = timer.textContent();
        assertThat(timer).not().hasText(first);

        // when she buys these, and he gives others back
        button(anna, "Confirm Stalls row 1 seats 4, 5").click();
        seat(ben, "Circle row 2 seat 1", FREE).click();
        button(ben, "Hold 1 seat").click();
        assertThat(seat(anna, "Circle row 2 seat 1", TAKEN)).isVisible();
        seat(anna, "Stalls row 2 seat 9", FREE).click();
        picture("seat-map.png");
        button(ben, "Release Circle row 2 seat 1").click();

        // then both windows show it, and say it
        assertThat(seat(anna, "Stalls row 1 seat 4", "bought by you")).isVisible();
        assertThat(anna.getByText("Bought: Stalls row 1 seats 4, 5.")).isVisible();
        assertThat(seat(ben, "Stalls row 1 seat 5", "sold")).isVisible();
        assertThat(seat(anna, "Circle row 2 seat 1", FREE)).isVisible();
        assertThat(seat(ben, "Circle row 2 seat 1", FREE)).isVisible();
        assertThat(ben.getByText("Given back: Circle row 2 seat 1.")).isVisible();
    }

    @Test
    void a_hold_that_runs_out_is_seen_by_both() throws Exception {
        // given a show whose holds are short
        bothOpen(show(Map.of("hold_seconds", 5, "max_hold_seconds", 5)));

        // when nobody confirms
        seat(anna, "Stalls row 2 seat 2", FREE).click();
        button(anna, "Hold 1 seat").click();
        assertThat(seat(ben, "Stalls row 2 seat 2", TAKEN)).isVisible();

        // then the seat is free again for both
        assertThat(seat(anna, "Stalls row 2 seat 2", FREE)).isVisible();
        assertThat(seat(ben, "Stalls row 2 seat 2", FREE)).isVisible();
        assertThat(anna.getByText("The time ran out, no longer held for you: Stalls row 2 seat 2."))
                .isVisible();
    }

    @Test
    void seats_are_held_with_the_keyboard_alone() throws Exception {
        // given the focus before the map
        bothOpen(show(Map.of()));
        button(anna, "Open").focus();

        // when she goes to seats by keys, chooses two and holds them
        for (String key : List.of("Tab", "ArrowRight", "ArrowDown", "End", "Enter", "ArrowLeft", "Space")) {
            anna.keyboard().press(key);
        }
        assertThat(seat(anna, "Stalls row 2 seat 11", "chosen by you")).isFocused();
        anna.keyboard().press("Control+End");
        assertThat(seat(anna, "Circle row 3 seat 14", FREE)).isFocused();
        anna.keyboard().press("Tab");
        assertThat(button(anna, "Hold 2 seats")).isFocused();
        anna.keyboard().press("Enter");

        // then they are hers
        assertThat(seat(anna, "Stalls row 2 seat 12", MINE)).isVisible();
        assertThat(seat(ben, "Stalls row 2 seat 11", TAKEN)).isVisible();
    }

    @Test
    void a_cut_connection_makes_the_map_right_again_when_it_is_resumed() throws Exception {
        // given a window that hears nothing
        bothOpen(show(Map.of()));
        button(anna, "Cut the connection").click();
        assertThat(anna.locator("#seats-state")).hasText("cut");

        // when things happen, and she wants a seat that is gone
        for (int number = 1; number <= 3; number++) {
            seat(ben, "Stalls row 1 seat " + number, FREE).click();
        }
        button(ben, "Hold 3 seats").click();
        button(ben, "Confirm Stalls row 1 seats 1, 2, 3").click();
        assertThat(seat(ben, "Stalls row 1 seat 1", "bought by you")).isVisible();
        seat(anna, "Stalls row 1 seat 2", FREE).click();
        button(anna, "Hold 1 seat").click();

        // then she is told, and after resuming the map is right
        assertThat(anna.getByRole(AriaRole.ALERT)
                        .filter(new Locator.FilterOptions().setHasText("Somebody was faster: Stalls row 1 seat 2")))
                .isVisible();
        assertThat(seat(anna, "Stalls row 1 seat 1", FREE)).isVisible();
        button(anna, "Resume at the cursor").click();
        for (int number = 1; number <= 3; number++) {
            assertThat(seat(anna, "Stalls row 1 seat " + number, "sold")).isVisible();
        }
    }

    @Test
    void a_lost_answer_and_an_undecided_one_end_as_one_hold_each() throws Exception {
        // given an answer that gets lost on its way, and then a server that does not wait for the decision
        bothOpen(show(Map.of()));
        List<String> keys = new ArrayList<>();
        anna.route("**/reservations", route -> {
            keys.add(route.request().headerValue("idempotency-key"));
            if (keys.size() == 1) {
                route.fetch();
                route.abort();
            } else {
                Map<String, String> headers = new HashMap<>(route.request().headers());
                headers.put("prefer", keys.size() == 2 ? "wait=10" : "respond-async");
                route.resume(new Route.ResumeOptions().setHeaders(headers));
            }
        });

        // when she holds seats
        seat(anna, "Stalls row 1 seat 1", FREE).click();
        button(anna, "Hold 1 seat").click();
        assertThat(seat(anna, "Stalls row 1 seat 1", MINE)).isVisible();
        anna.waitForCondition(() -> keys.size() == 2);
        seat(anna, "Stalls row 1 seat 2", FREE).click();
        button(anna, "Hold 1 seat").click();

        // then she holds each once
        assertThat(seat(anna, "Stalls row 1 seat 2", MINE)).isVisible();
        assertThat(anna.getByRole(AriaRole.TIMER)).hasCount(2);
        assertThat(keys).hasSize(3);
        assertThat(keys.get(1)).isEqualTo(keys.get(0)).isNotEqualTo(keys.get(2));
    }

    @Test
    void a_reload_shows_ones_own_seats_again_and_more_than_allowed_is_refused_in_words() throws Exception {
        // given somebody who has as many seats as a person may have
        bothOpen(show(Map.of("max_seats_per_user", 1)));
        seat(anna, "Circle row 1 seat 1", FREE).click();
        button(anna, "Hold 1 seat").click();
        button(anna, "Confirm Circle row 1 seat 1").click();
        assertThat(seat(anna, "Circle row 1 seat 1", "bought by you")).isVisible();

        // when the page is loaded again and she wants one more
        anna.reload();
        assertThat(seat(anna, "Circle row 1 seat 1", "bought by you")).isVisible();
        seat(anna, "Circle row 1 seat 2", FREE).click();
        button(anna, "Hold 1 seat").click();

        // then she reads why not
        assertThat(anna.getByText("That is more than one person may have of this show. Nothing is held."))
                .isVisible();
        assertThat(seat(anna, "Circle row 1 seat 2", FREE)).isVisible();
    }

    private String show(Map<String, Object> more) throws Exception {
        Map<String, Object> show = new HashMap<>(more);
        show.put("name", "Seat map " + System.nanoTime());
        show.put("starts_at", Instant.now().plus(1, ChronoUnit.DAYS).toString());
        show.put(
                "sections",
                List.of(
                        Map.of("name", "Stalls", "rows", 4, "seats_per_row", 12, "price", 48),
                        Map.of("name", "Circle", "rows", 3, "seats_per_row", 14, "price", 32)));
        organizer.mustWrite("POST", "/shows", show);
        return String.valueOf(show.get("name"));
    }

    private void bothOpen(String show) {
        for (Page page : List.of(anna, ben)) {
            // The list is read again when it gets the focus.
            Locator shows = page.getByLabel("Show", new Page.GetByLabelOptions().setExact(true));
            shows.focus();
            Locator option = shows.locator("option", new Locator.LocatorOptions().setHasText(show));
            assertThat(option).hasCount(1);
            shows.selectOption(option.getAttribute("value"));
            button(page, "Open").click();
            assertThat(page.locator("#seats-state")).hasText("live");
        }
    }

    private Page signedIn(String name) {
        Page page = chromium.page();
        page.onPageError(faults::add);
        page.navigate(platform.origin() + "/");
        button(page, "New here?").click();
        page.getByLabel("E-mail").fill(name + "-" + System.nanoTime() + "@example.org");
        page.getByLabel("Password").fill(PASSWORD);
        page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill(name);
        button(page, "Register").click();
        assertThat(page.locator("#signed-in")).isVisible();
        return page;
    }

    private static Locator seat(Page page, String name, String look) {
        return page.getByRole(
                AriaRole.GRIDCELL,
                new Page.GetByRoleOptions().setName(name + ", " + look).setExact(true));
    }

    private static Locator seat(Page page, Pattern name) {
        return page.getByRole(AriaRole.GRIDCELL, new Page.GetByRoleOptions().setName(name));
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private void picture(String file) {
        anna.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Seats"))
                .screenshot(new Locator.ScreenshotOptions().setPath(Path.of("target", file)));
    }
}
