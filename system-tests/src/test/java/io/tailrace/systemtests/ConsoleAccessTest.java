package io.tailrace.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.client.ConsoleBrowser;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.SharedPlatform;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who may use the console, and with what: a phone, a keyboard, a token, an account. In a real Chromium. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class ConsoleAccessTest {
    private static final long LIMIT_S = 30;
    private static final int PHONE_WIDTH = 390;
    private static final int PHONE_HEIGHT = 844;
    private static final List<String> VIEWS =
            List.of("channels", "inspector", "jobs", "namespaces", "health", "tokens", "connections");

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
    void it_is_used_on_a_phone_and_by_keyboard_alone() throws Exception {
        // given somebody who follows a channel with a long name, and a page as wide as a phone
        String viewer = ConsoleBrowser.unique("somebody-with-a-rather-long-name");
        CompletableFuture<String> stream = console.follow(viewer, "news:" + viewer + ":" + "n".repeat(60));
        Page page = console.open();
        page.setViewportSize(PHONE_WIDTH, PHONE_HEIGHT);

        // when a token is typed in
        page.keyboard().press("Tab");
        assertThat(page.locator(".skip")).isFocused();
        ConsoleBrowser.tabTo(page, "#with-token input");
        page.keyboard().insertText(console.admin());
        page.keyboard().press("Enter");

        // then the heading of what is shown has the focus, and every view fits into the page
        assertThat(page.locator("#connections-title")).isFocused();
        assertThat(page.locator("#connections tbody tr").first()).isVisible();
        for (String view : VIEWS) {
            page.evaluate("() => document.querySelector('#views a').focus()");
            if (!page.locator("#views a").first().getAttribute("href").equals("#" + view)) {
                ConsoleBrowser.tabTo(page, "#views a[href='#" + view + "']");
            }
            page.keyboard().press("Enter");
            assertThat(page.locator("#" + view + "-title")).isFocused();
            assertThat(page.locator("#view-" + view)).isVisible();
            assertThat(ConsoleBrowser.hiddenWidth(page))
                    .as("to the right of " + view)
                    .isZero();
            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "console-phone-" + view + ".png")));
        }

        // when the connection is found and ended
        ConsoleBrowser.tabTo(page, "#connections-find");
        page.keyboard().insertText(viewer);
        assertThat(page.locator("#connections tbody tr")).hasCount(1);
        ConsoleBrowser.tabTo(page, "#connections .toggle");
        page.keyboard().press("Enter");
        assertThat(page.locator("#connections .detail")).isVisible();
        assertThat(ConsoleBrowser.hiddenWidth(page)).isZero();
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "console-phone-details.png")));
        ConsoleBrowser.tabTo(page, "#connections tr:not(.detail) .danger");
        page.keyboard().press("Enter");
        assertThat(page.locator("#confirm")).isVisible();
        ConsoleBrowser.tabTo(page, "#confirm-yes");
        page.keyboard().press("Enter");

        // then it is over, and the focus is not lost with the row
        assertThat(stream.get(LIMIT_S, TimeUnit.SECONDS)).contains("\"admin\"");
        assertThat(page.locator("#connections tbody tr")).hasCount(0);
        assertThat(page.locator("#connections-title")).isFocused();
        console.end(page);
    }

    @Test
    void whoever_lacks_the_role_is_told_what_is_missing() throws Exception {
        // given somebody whose token has no role
        Page page = console.open();
        page.fill("#with-token input", platform.token("clara", "--role", "support"));
        page.click("#with-token button");

        // then the console says so, and shows nothing
        assertThat(page.locator("#notice"))
                .hasText(Pattern.compile("clara has the role support, .* needs the role admin.*"));
        assertThat(page.locator("#views")).isHidden();
        assertThat(page.locator("#view-connections")).isHidden();

        // when something is typed that is no token, then that is said, too
        page.fill("#with-token input", "secret");
        page.click("#with-token button");
        assertThat(page.locator("#entrance-fault")).containsText("That is no token");

        // when a token claims the role, and its signature is another's, then the server does not take it
        String[] parts = console.admin().split("\\.", -1);
        String other = platform.token("clara").split("\\.", -1)[2];
        page.fill("#with-token input", parts[0] + "." + parts[1] + "." + other);
        page.click("#with-token button");
        assertThat(page.locator("#notice")).containsText("The server does not take this token");
        assertThat(page.locator("#views")).isHidden();

        // when somebody signs in with an account, which has no role
        String email = ConsoleBrowser.unique("dora") + "@example.org";
        new Api(platform.origin(), null)
                .mustWrite(
                        "POST",
                        "/auth/register",
                        Map.of("email", email, "password", "correct horse battery", "name", "Dora"));
        page.click("#leave");
        page.fill("#with-account [name=email]", email);
        page.fill("#with-account [name=password]", "correct horse battery");
        page.click("#with-account button");

        // then the console says what is missing, and lets them sign out
        assertThat(page.locator("#notice")).containsText(email + " has no role");
        page.click("#leave");
        assertThat(page.locator("#who")).hasText("Nobody is signed in.");
        console.end(page);
    }
}
