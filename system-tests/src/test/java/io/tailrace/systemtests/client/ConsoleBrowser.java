package io.tailrace.systemtests.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.tailrace.systemtests.browser.Chromium;
import io.tailrace.systemtests.platform.Platform;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** An administrator's browser, and the streams of others that it looks at. Not thread-safe. */
public final class ConsoleBrowser implements AutoCloseable {
    private static final double LIMIT_MS = 30_000;
    private static final int MAX_TABS = 60;

    private final Platform platform;
    private final Chromium chromium = new Chromium();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String admin;
    private final List<String> faults = new ArrayList<>();

    /** Starts it. */
    public ConsoleBrowser(Platform platform) throws IOException, InterruptedException {
        this.platform = platform;
        this.admin =
                platform.token("root", "--role", "admin", "--role", "operator", "--subscribe", "**", "--publish", "**");
        PlaywrightAssertions.setDefaultAssertionTimeout(LIMIT_MS);
    }

    /** A token with the roles that the console needs, and with every channel. */
    public String admin() {
        return admin;
    }

    /** The console in a tab with a storage of its own. */
    public Page open() {
        Page page = chromium.page();
        page.onPageError(faults::add);
        page.onConsoleMessage(message -> {
            if (message.text().contains("Content Security Policy")) {
                faults.add(message.text());
            }
        });
        page.navigate(platform.origin() + "/console");
        return page;
    }

    /** Lets the administrator in. */
    public void signIn(Page page) {
        page.fill("#with-token input", admin);
        page.click("#with-token button");
        assertThat(page.locator("#connections-title")).isVisible();
    }

    /** Closes a page in which nothing has failed. */
    public void end(Page page) {
        assertThat(faults).isEmpty();
        page.context().close();
    }

    /** Opens a stream. @return what it has brought, when it is over */
    public CompletableFuture<String> follow(String subject, String channel) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(platform.origin() + "/events?channels=" + channel))
                .header("Authorization", "Bearer " + platform.token(subject))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(HttpResponse::body);
    }

    /** Goes on by Tab until the focus is where it should be. */
    public static void tabTo(Page page, String selector) {
        for (int i = 0; i < MAX_TABS; i++) {
            page.keyboard().press("Tab");
            if (Boolean.TRUE.equals(page.evaluate("it => document.activeElement.matches(it)", selector))) {
                return;
            }
        }
        throw new AssertionError("no way by Tab to " + selector);
    }

    /** Pixels of the page that are to be seen by scrolling to the right alone. */
    public static int hiddenWidth(Page page) {
        return (Integer)
                page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
    }

    /** A name that nobody else has. */
    public static String unique(String name) {
        return name + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    @Override
    public void close() {
        http.shutdownNow();
        chromium.close();
    }
}
