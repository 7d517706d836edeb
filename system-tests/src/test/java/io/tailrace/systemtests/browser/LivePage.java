package io.tailrace.systemtests.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;

/** What people do on the live page. */
public final class LivePage {
    private static final String PASSWORD = "correct horse battery";

    private LivePage() {}

    /** Registers somebody, who is signed in then. */
    public static void register(Page page, String name) {
        page.click("#new-here");
        page.fill("#sign-in input[name=email]", name + "-" + System.nanoTime() + "@example.org");
        page.fill("#sign-in input[name=password]", PASSWORD);
        page.fill("#sign-in input[name=name]", name);
        page.click("#sign-in [type=submit]");
        assertThat(page.locator("#signed-in")).isVisible();
    }

    /** Signs in whoever the page remembers. */
    public static void signInAgain(Page page) {
        page.fill("#sign-in input[name=password]", PASSWORD);
        page.click("#sign-in [type=submit]");
        assertThat(page.locator("#signed-in")).isVisible();
    }

    /** Posts something, and waits until the server has it. */
    public static void post(Page page, String text) {
        page.fill("#post input", text);
        page.click("#post button");
        assertThat(page.locator("#post input")).hasValue("");
    }

    /** A duplicate of a tab, as browsers make one: with a copy of its sessionStorage. */
    public static Page duplicate(Page page) {
        BrowserContext context = page.context();
        Page copy = context.newPage();
        String session = String.valueOf(page.evaluate("() => sessionStorage.getItem('tailrace.session')"));
        copy.addInitScript("sessionStorage.getItem('tailrace.session') ?? sessionStorage.setItem('tailrace.session', '"
                + session + "')");
        copy.navigate(page.url());
        return copy;
    }

    /** Has the page believe that its access token ends now. */
    public static void letTheTokenEnd(Page page) {
        page.evaluate(
                """
                () => {
                  const key = 'tailrace.session.' + sessionStorage.getItem('tailrace.session');
                  localStorage.setItem(key, JSON.stringify({...JSON.parse(localStorage.getItem(key)), expires: Date.now()}));
                }
                """);
    }
}
