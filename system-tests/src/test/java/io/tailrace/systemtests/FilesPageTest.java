package io.tailrace.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.tailrace.systemtests.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import io.tailrace.systemtests.browser.Chromium;
import io.tailrace.systemtests.browser.LivePage;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.SharedPlatform;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Files and answers on the live page, in a real Chromium, with a stand-in for the model. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class FilesPageTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int MIB = 1024 * 1024;

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
    void aPerson() {
        page = chromium.page();
        page.onPageError(faults::add);
        page.navigate(platform.origin() + "/");
        LivePage.register(page, "fay");
        assertThat(page.locator("#ask")).isVisible();
    }

    @AfterEach
    void nothingFailedInThePages() {
        page.context().close();
        assertThat(faults).isEmpty();
    }

    @Test
    void files_are_chosen_and_read_and_a_question_about_them_is_answered() {
        // given two files that are chosen together, and an empty one
        page.setInputFiles("#pick", new FilePayload[] {
            text("gulls.txt", "Twelve gulls sit on the roof."),
            new FilePayload(
                    "plan.html",
                    "text/html",
                    "<!DOCTYPE html><html><body><h1>Plan</h1><p>Count the gulls.</p></body></html>"
                            .getBytes(StandardCharsets.UTF_8)),
            text("empty.txt", "")
        });

        // then those with a text are read, and the other one says why it is not taken
        assertThat(rows("ready")).hasCount(2);
        assertThat(rows("refused")).hasCount(1);
        assertThat(page.locator("#files-fault")).containsText("empty.txt");
        page.getByLabel("Dismiss: empty.txt").click();
        assertThat(rows("refused")).hasCount(0);
        assertThat(page.locator("#files-fault")).isEmpty();

        // when none of them is chosen, and a model is asked, with the keyboard alone
        assertThat(page.locator("#about")).hasText("The answer reads 2 files.");
        page.getByLabel("Ask about gulls.txt").uncheck();
        page.getByLabel("Ask about plan.html").uncheck();
        assertThat(page.locator("#about")).containsText("No file is chosen");
        page.focus("#question");
        page.keyboard().type("Where are the gulls?");
        page.keyboard().press("Enter");

        // then its answer arrives, and what is read out is told politely
        assertThat(page.locator("#answer")).hasAttribute("data-state", "completed");
        assertThat(page.locator("#answer-text")).containsText("Zwölf Möwen sitzen");
        assertThat(page.locator("#answer-text")).hasAttribute("aria-busy", "false");
        assertThat(page.locator("#answer-state")).hasText("Answered.");
        page.locator(".files").screenshot(shot("files-page-answered.png"));

        // and a reload has the files and the answer again
        page.reload();
        assertThat(rows("ready")).hasCount(2);
        assertThat(page.locator("#answer")).hasAttribute("data-state", "completed");

        // when a file is deleted, after it was asked whether it should be
        page.getByLabel("Delete: plan.html").click();
        page.locator("#delete-file").getByText("Delete it").click();
        assertThat(rows("ready")).hasCount(1);
    }

    @Test
    void an_answer_goes_on_over_reloads_and_in_a_second_tab_and_its_text_is_the_models() throws Exception {
        // given an answer that is coming
        String name = ask();
        assertThat(page.locator("#answer-text")).containsText("wörd5 ");
        Page tab = LivePage.duplicate(page);
        tab.onPageError(faults::add);

        // when the page is reloaded while it comes, and looked at in another tab
        for (int i = 0; i < 2; i++) {
            page.reload();
            assertThat(page.locator("#answer")).hasAttribute("data-state", "answering");
            assertThat(page.locator("#answer-question")).containsText(name);
        }
        page.locator(".files").screenshot(shot("files-page-answering.png"));
        assertThat(tab.locator("#answer")).hasAttribute("data-state", "answering");
        SharedPlatform.answers().release(name);

        // then both have what the model has said, and nothing else
        for (Page each : List.of(page, tab)) {
            assertThat(each.locator("#answer")).hasAttribute("data-state", "completed");
            assertThat(each.textContent("#answer-text"))
                    .isEqualTo(SharedPlatform.answers().said(name));
        }
    }

    @Test
    void an_answer_is_stopped_here_and_in_the_other_tab() {
        // given an answer that two tabs watch, of which the second was open when it was asked for
        Page tab = LivePage.duplicate(page);
        assertThat(tab.locator("#ask")).isVisible();
        ask();
        assertThat(page.locator("#answer-text")).containsText("wörd3 ");
        assertThat(tab.locator("#answer-text")).containsText("wörd3 ");

        // when it is stopped in the first one
        page.click("#stop");

        // then both say so, and what was said stays
        for (Page each : List.of(page, tab)) {
            assertThat(each.locator("#answer")).hasAttribute("data-state", "cancelled");
            assertThat(each.locator("#answer-text")).containsText("wörd3 ");
            assertThat(each.locator("#stop")).isHidden();
        }
    }

    @Test
    void a_large_file_that_a_reload_has_cut_goes_on_when_it_is_chosen_again() throws Exception {
        // given a file whose third part does not arrive any more
        Path large = Files.write(Files.createTempFile(Path.of("target"), "large", ".txt"), pattern(3 * MIB));
        page.addInitScript(
                """
                const real = window.fetch;
                window.parts = 0;
                window.fetch = (url, request) => (request?.method === 'PATCH' && ++window.parts > 2 && !sessionStorage.getItem('whole')
                  ? Promise.reject(new TypeError('cut, as the test wants it')) : real(url, request));
                """);
        page.reload();
        assertThat(page.locator("#ask")).isVisible();
        List<Long> offsets = new ArrayList<>();
        page.setInputFiles("#pick", large);
        Locator sending = rows("sending");
        assertThat(sending.locator("progress")).hasAttribute("aria-label", large.getFileName() + ", sending");
        page.waitForFunction("() => window.parts > 2");
        page.locator(".files").screenshot(shot("files-page-sending.png"));

        // when the page is reloaded, and the same file is chosen
        page.evaluate("() => sessionStorage.setItem('whole', '1')");
        page.reload();
        assertThat(rows("unfinished")).hasCount(1);
        assertThat(page.getByLabel("Go on: " + large.getFileName())).isVisible();
        page.onRequest(request -> {
            if (request.method().equals("PATCH") && request.url().contains("/resumable/")) {
                offsets.add(Long.parseLong(request.headerValue("upload-offset")));
            }
        });
        page.setInputFiles("#pick", large);

        // then it goes on where it was, and is whole
        eventually(
                "it is whole",
                LIMIT,
                () -> page.locator("#files-list li").count() == 1
                        && !List.of("unfinished", "waiting", "sending")
                                .contains(page.locator("#files-list li").getAttribute("data-phase")));
        assertThat(offsets).isNotEmpty().allMatch(offset -> offset > 0);
        page.reload();
        assertThat(page.locator("#files-list li")).hasCount(1);
        assertThat(rows("unfinished")).hasCount(0);
        Files.delete(large);
    }

    @Test
    void an_upload_is_cancelled_while_it_is_sent_and_nothing_of_it_is_left() throws Exception {
        Path large = Files.write(Files.createTempFile(Path.of("target"), "cancelled", ".txt"), pattern(MIB));
        AtomicInteger deletions = new AtomicInteger();
        page.route("**/uploads/resumable/*", route -> {
            if (route.request().method().equals("DELETE")) {
                deletions.incrementAndGet();
            }
            if (route.request().method().equals("PATCH")) {
                route.abort();
            } else {
                route.resume();
            }
        });
        page.setInputFiles("#pick", large);
        assertThat(rows("sending")).hasCount(1);
        eventually("it has begun", LIMIT, () -> (Boolean)
                page.evaluate("() => Object.keys(localStorage).some(key => key.startsWith('tailrace.uploads.'))"));

        page.getByLabel("Cancel: " + large.getFileName()).click();

        assertThat(page.locator("#files-list li")).hasCount(0);
        eventually("the server is told", LIMIT, () -> deletions.get() == 1);
        page.reload();
        assertThat(page.locator("#files-empty")).isVisible();
        Files.delete(large);
    }

    @Test
    void a_citation_opens_its_passage_on_a_phone_in_the_dark_and_the_keyboard_closes_it() {
        // given an answer with citations, on a narrow screen
        page.setViewportSize(390, 844);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        page.route(
                "**/uploads/u-1/text?page=2",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("text/plain;charset=utf-8")
                        .setBody("Above.\nTwelve gulls\nsit on the roof.\nBelow.")));
        page.evaluate(
                """
                async () => {
                  const {AnswerBox} = await import('/live/js/answer-box.js');
                  const {NOTHING} = await import('/live/js/answer-view.js');
                  const citations = [{number: 1, upload: 'u-1', name: 'a-rather-long-name-of-a-report-about-gulls.pdf', page: 2,
                    text: 'Twelve gulls sit on the roof.'}];
                  new AnswerBox(document, () => undefined).show('Where are the gulls?', {...NOTHING, state: 'completed',
                    text: 'They sit on the roof [1], and nobody knows why [2].', citations, used: [{number: 1}]});
                }
                """);
        Locator cite = page.locator("#answer-text .cite");
        assertThat(cite).hasCount(1);
        assertThat(cite).hasAttribute("aria-label", "Source 1: a-rather-long-name-of-a-report-about-gulls.pdf, page 2");
        assertThat(page.locator("#answer-sources li")).hasCount(1);
        assertThat((Boolean) page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"))
                .isTrue();
        page.locator(".files").screenshot(shot("files-page-phone.png"));

        // when it is pressed
        cite.press("Enter");

        // then the page of the file is there with the passage marked
        assertThat(page.locator("#passage")).isVisible();
        assertThat(page.locator("#passage-text mark")).hasText("Twelve gulls\nsit on the roof.");
        page.screenshot(screen("files-page-passage.png"));
        page.keyboard().press("Escape");
        assertThat(page.locator("#passage")).isHidden();
        assertThat(cite).isFocused();
    }

    @Test
    void without_a_model_the_page_says_how_to_add_one() {
        page.route(
                "**/models",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("application/json")
                        .setBody("{\"models\":[]}")));
        page.reload();
        assertThat(page.locator("#models-none")).containsText("up --with ai");
        assertThat(page.locator("#ask")).isHidden();
    }

    /** Asks for an answer that a test lets end. */
    private String ask() {
        String name = "hold-" + System.nanoTime();
        page.fill("#question", name + " please");
        page.click("#ask [type=submit]");
        return name;
    }

    private Locator rows(String phase) {
        return page.locator("#files-list [data-phase=" + phase + "]");
    }

    private static FilePayload text(String name, String content) {
        return new FilePayload(name, "text/plain", content.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] pattern(int length) {
        return "It goes on where it was cut.\n"
                .repeat(length / 29 + 1)
                .substring(0, length)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static Page.ScreenshotOptions screen(String name) {
        return new Page.ScreenshotOptions().setPath(Path.of("target", name));
    }

    private static Locator.ScreenshotOptions shot(String name) {
        return new Locator.ScreenshotOptions().setPath(Path.of("target", name));
    }
}
