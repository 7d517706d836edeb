package io.tailrace.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.tailrace.systemtests.browser.Chromium;
import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.SharedPlatform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The search box of the live page in a real Chromium, on everything that {@code up} starts. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class SearchPageTest {
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

    @Test
    void results_come_as_one_types_and_new_ones_as_they_are_written() throws Exception {
        // given a post, and somebody who has typed the beginning of a word of it, wrongly
        String word = "Zander" + UUID.randomUUID().toString().substring(0, 8);
        Api author = new Api(platform.origin(), platform.token(UUID.randomUUID().toString()));
        author.mustWrite("POST", "/posts", Map.of("text", "<b>One</b> " + word + " upstream"));
        List<String> faults = new ArrayList<>();
        Page page = open(faults, "reader");
        assertThat(page.locator("#search-index option")).hasText(new String[] {"Posts", "Shows"});
        Locator results = page.locator("#results li");
        type(page, word.substring(0, 9).toLowerCase(java.util.Locale.ROOT));

        // then it is found, marked, and its text is text
        assertThat(results).hasCount(1);
        assertThat(results.first()).containsText("<b>One</b> " + word);
        assertThat(results.first().locator("mark").first()).hasText(word.substring(0, 9));

        // when another one is written
        author.mustWrite("POST", "/posts", Map.of("text", "Another " + word + " downstream"));

        // then it is shown without a key being touched
        assertThat(results).hasCount(2);
        assertThat(page.locator("#results li.fresh")).containsText("downstream");
        assertThat(page.locator("#search-state")).hasText("2 found.");
        page.locator(".panel.search")
                .screenshot(new Locator.ScreenshotOptions().setPath(Path.of("target", "live-page-search.png")));

        // when nothing matches
        type(page, word + "nothing");

        // then it says so
        assertThat(page.locator("#search-state")).hasText("Nothing found.");
        assertThat(faults).isEmpty();
        page.context().close();
    }

    @Test
    void whoever_has_no_mouse_turns_to_the_next_page() throws Exception {
        // given more posts than one page shows
        String word = "Keel" + UUID.randomUUID().toString().substring(0, 8);
        Api author = new Api(platform.origin(), platform.token(UUID.randomUUID().toString()));
        for (int i = 0; i < 10; i++) {
            author.mustWrite("POST", "/posts", Map.of("text", "Number " + i + " of " + word));
        }
        List<String> faults = new ArrayList<>();
        Page page = open(faults, "reader");
        page.locator("#search-text").focus();
        page.keyboard().type(word);
        assertThat(page.getByRole(AriaRole.STATUS).filter(new Locator.FilterOptions().setHasText("10 found.")))
                .isVisible();
        assertThat(page.locator("#results li")).hasCount(8);

        // when
        page.keyboard().press("Tab");
        assertThat(page.locator("#search-more")).isFocused();
        page.keyboard().press("Enter");

        // then they are where the new ones begin, and a screen reader is told what it is
        assertThat(page.locator("#results li")).hasCount(10);
        assertThat(page.locator("#results li").nth(8)).isFocused();
        assertThat(page.getByRole(AriaRole.LIST, new Page.GetByRoleOptions().setName("What was found, the best first")))
                .isVisible();

        // when another one is written
        author.mustWrite("POST", "/posts", Map.of("text", "Number 10 of " + word));

        // then what they read stays where it is, and they are told
        assertThat(page.locator("#search-state")).containsText("something new");
        assertThat(page.locator("#results li")).hasCount(10);
        page.locator("#search-text").press("Enter");
        assertThat(page.locator("#search-state")).hasText("11 found.");
        assertThat(faults).isEmpty();
        page.context().close();
    }

    @Test
    void support_finds_somebody_by_three_digits_as_soon_as_they_have_registered() throws Exception {
        // given somebody of support, who waits for a call
        List<String> faults = new ArrayList<>();
        Page page = open(faults, "support", "--role", "support");
        page.selectOption("#search-index", "users");
        String digits =
                String.valueOf(100_000_000L + Math.floorMod(UUID.randomUUID().getLeastSignificantBits(), 900_000_000L));
        type(page, digits.substring(2));
        assertThat(page.locator("#search-state")).hasText("Nothing found.");

        // when the customer registers
        new Api(platform.origin(), null)
                .mustWrite(
                        "POST",
                        "/auth/register",
                        Map.of(
                                "email",
                                "caller-" + UUID.randomUUID() + "@example.org",
                                "password",
                                "correct horse battery",
                                "name",
                                "Carla Caller",
                                "phone",
                                "+49 " + digits.substring(0, 4) + "-" + digits.substring(4)));

        // then they are there
        Locator results = page.locator("#results li");
        assertThat(results).hasCount(1);
        assertThat(results.first()).containsText("Carla Caller");
        assertThat(results.first().locator(".phone mark")).containsText(digits.substring(4));

        // when three digits are typed
        type(page, digits.substring(3, 6));

        // then they are still there
        assertThat(results.filter(new Locator.FilterOptions().setHasText("Carla Caller"))
                        .first())
                .isVisible();
        assertThat(faults).isEmpty();
        page.context().close();
    }

    /** The page of somebody who has a token of the command line, as they would have it after signing in. */
    private static Page open(List<String> faults, String name, String... roles) throws Exception {
        String subject = UUID.randomUUID().toString();
        String token = platform.token(subject, roles);
        Page page = chromium.page();
        page.onPageError(faults::add);
        page.addInitScript("sessionStorage.setItem('tailrace.session', JSON.stringify({id: '" + subject + "', email: '"
                + name + "', roles: " + (roles.length > 0 ? "['" + roles[1] + "']" : "[]") + ", access: '" + token
                + "', refresh: 'none', expires: Date.now() + 3000000}))");
        page.navigate(platform.origin() + "/");
        assertThat(page.locator("#state")).hasText("live");
        assertThat(page.locator("#search")).isVisible();
        return page;
    }

    private static void type(Page page, String text) {
        page.locator("#search-text").fill("");
        page.locator("#search-text").pressSequentially(text);
    }
}
