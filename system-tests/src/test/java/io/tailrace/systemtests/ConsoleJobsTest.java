package io.tailrace.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.client.ConsoleBrowser;
import io.tailrace.systemtests.client.PlayedWorker;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.SharedPlatform;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The jobs of the console in a real Chromium, on everything that {@code up} starts, with a worker that the test plays. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class ConsoleJobsTest {
    private static final String QUEUE = "maintenance";
    private static final int WIDTH = 1280;
    private static final int PHONE_WIDTH = 390;
    private static final int HEIGHT = 900;

    private static Platform platform;
    private static ConsoleBrowser console;
    private static PlayedWorker worker;
    private static Api api;

    @BeforeAll
    static void startTheBrowser(Platform shared) throws Exception {
        platform = shared;
        console = new ConsoleBrowser(shared);
        worker = new PlayedWorker(shared.environment("TAILRACE_KAFKA_BOOTSTRAP"), QUEUE);
        api = new Api(shared.origin(), console.admin());
    }

    @AfterAll
    static void stopTheBrowser() {
        if (console != null) {
            console.close();
        }
        if (worker != null) {
            worker.close();
        }
    }

    @Test
    void an_operator_watches_jobs_and_their_queue_and_changes_them() throws Exception {
        // given a job, and an operator who looks at the jobs of a queue
        String first = enqueue("first");
        Page page = console.open();
        page.setViewportSize(WIDTH, HEIGHT);
        console.signIn(page);
        page.click("#views a[href='#jobs']");
        assertThat(page.locator("#jobs-live")).hasText("live");
        page.selectOption("#job-filter [name=queue]", QUEUE);
        Locator row = row(page, first);
        assertThat(row).containsText("ready");

        // when another one comes, and the first one runs, then both are seen without asking again
        String second = enqueue("second");
        assertThat(row(page, second)).containsText("ready");
        worker.start(first);
        worker.progress(first, 0.5, "half of it");
        assertThat(row).containsText("running");
        assertThat(row.locator("progress")).hasCount(1);
        Locator card = page.locator("#queues [data-queue=" + QUEUE + "]");
        assertThat(card.locator("a[href*='state=running'] b")).hasText("1");
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target", "console-jobs.png"))
                .setFullPage(true));
        worker.succeed(first, Map.of("rows", 3));
        assertThat(row).containsText("succeeded");
        assertThat(card).containsText("at the median");

        // when the second one is looked at and fails for good, then its page says why, attempt by attempt
        row(page, second).locator("a").click();
        assertThat(page.locator("#job-payload")).containsText("second");
        worker.start(second);
        worker.progress(second, 0.25, "a quarter");
        assertThat(page.locator("#job-facts")).containsText("25 %, a quarter");
        worker.log(second, 1, "warn", "the disk is <slow>");
        assertThat(page.locator("#job-log li")).hasCount(1);
        assertThat(page.locator("#job-log li")).containsText("the disk is <slow>");
        worker.fail(second, "io", "the disk is <full>", true);
        assertThat(page.locator("#job-facts")).containsText("io in attempt 1: the disk is <full>");
        assertThat(page.locator("#job-attempts tbody tr")).hasCount(1);
        assertThat(page.locator("#job-attempts tbody tr")).containsText("failed");
        assertThat(page.locator("#job-events li")).hasCount(4);
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target", "console-job.png"))
                .setFullPage(true));

        // when the page is opened anew, then what was logged is still there
        page.reload();
        assertThat(page.locator("#job-log li")).hasCount(1);

        // when it is retried there, then it is ready, and can be cancelled
        page.click("#job-retry");
        assertThat(page.locator("#job-facts .state")).hasText("ready");
        assertThat(page.locator("#job-retry")).isDisabled();
        page.click("#job-cancel");
        page.click("#confirm-yes");
        assertThat(page.locator("#job-facts .state")).hasText("cancelled");
        console.end(page);
    }

    @Test
    void many_jobs_are_found_and_changed_at_once_and_a_queue_is_paused_and_limited() throws Exception {
        // given three jobs for later
        String[] ids = {later("a"), later("b"), later("c")};
        Page page = console.open();
        page.setViewportSize(PHONE_WIDTH, HEIGHT);
        console.signIn(page);
        page.navigate(platform.origin() + "/console#jobs=queue=" + QUEUE + "&state=scheduled");
        for (String id : ids) {
            assertThat(row(page, id)).isVisible();
        }

        // when one is selected and cancelled, then it leaves the filter, and the others stay
        row(page, ids[0]).locator("input").check();
        assertThat(page.locator("#jobs-retry")).hasText("Retry: 1 selected");
        page.click("#jobs-cancel");
        assertThat(page.locator("#confirm-title")).hasText("Cancel: 1 selected job?");
        page.click("#confirm-yes");
        assertThat(page.locator("#jobs-news")).hasText("Cancelled: 1.");
        page.locator("#jobs-title").focus();
        assertThat(row(page, ids[0])).hasCount(0);
        assertThat(ConsoleBrowser.hiddenWidth(page)).isZero();
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target", "console-phone-jobs.png"))
                .setFullPage(true));

        // when all of the filter are cancelled, then none is left
        page.click("#jobs-cancel");
        assertThat(page.locator("#confirm-title"))
                .hasText("Cancel: all jobs with queue " + QUEUE + ", state scheduled?");
        page.click("#confirm-yes");
        assertThat(page.locator("#jobs-news")).hasText("Cancelled: 2.");
        assertThat(page.locator("#jobs tbody tr")).hasCount(0);

        // when the queue is paused, resumed and limited, then its card says so
        Locator card = page.locator("#queues [data-queue=" + QUEUE + "]");
        card.getByText("Pause").click();
        assertThat(card.locator("header .state")).hasText("paused");
        card.getByText("Resume").click();
        assertThat(card.locator("header .state")).hasText("running");
        card.locator("button:text('Limits')").click();
        card.locator("[name=concurrency]").fill("7");
        card.locator("button:text('Set')").click();
        assertThat(card).containsText("7 at a time");
        card.locator("button:text('Limits')").click();
        card.locator("button:text('As declared')").click();
        assertThat(card.locator("dd").last()).hasText("none");

        // when a schedule is set, then its channel tells the page, which shows its next times, and it can be run now
        String schedule = ConsoleBrowser.unique("nightly");
        api.mustWrite(
                "PUT",
                "/schedules/" + schedule,
                Map.of(
                        "cron", "0 3 29 2 *",
                        "time_zone", "Europe/Zurich",
                        "type", "played",
                        "queue", QUEUE,
                        "payload", Map.of("name", "scheduled")));
        Locator scheduled = page.locator("#schedules tbody tr:has(th:text-is('" + schedule + "'))");
        assertThat(scheduled.locator("time")).hasCount(5);
        scheduled.getByText("Run now").click();
        page.click("#confirm-yes");
        assertThat(page.locator("#schedules-news")).containsText("the job is");
        assertThat(ConsoleBrowser.hiddenWidth(page)).isZero();

        // when a job is looked for by its id, and by something that is none
        page.fill("#job-filter [name=id]", "abc");
        page.click("#job-filter button");
        assertThat(page.locator("#jobs-fault")).containsText("is not the id of a job");
        page.fill("#job-filter [name=id]", ids[2]);
        page.click("#job-filter button");
        assertThat(page.locator("#job-facts .state")).hasText("cancelled");
        assertThat(ConsoleBrowser.hiddenWidth(page)).isZero();
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target", "console-phone-job.png"))
                .setFullPage(true));
        console.end(page);
    }

    @Test
    void an_operator_sees_jobs_alone_and_is_told_which_channels_the_token_lacks() throws Exception {
        Page page = console.open();
        page.fill("#with-token input", platform.token("olga", "--role", "operator"));
        page.click("#with-token button");

        assertThat(page.locator("#jobs-title")).isVisible();
        assertThat(page.locator("#views a[href='#connections']")).isHidden();
        assertThat(page.locator("#jobs-fault")).containsText(Pattern.compile("may not follow .*jobs:default"));
        assertThat(page.locator("#queues [data-queue=" + QUEUE + "]")).isVisible();
        console.end(page);
    }

    private static Locator row(Page page, String id) {
        return page.locator("#jobs tbody tr:has(a[href='#job=" + id + "'])");
    }

    private static String enqueue(String name) throws Exception {
        return enqueue(name, Map.of());
    }

    private static String later(String name) throws Exception {
        return enqueue(name, Map.of("delay_seconds", 86_400));
    }

    private static String enqueue(String name, Map<String, ?> more) throws Exception {
        Map<String, Object> job = new HashMap<>(more);
        job.put("type", "played");
        job.put("queue", QUEUE);
        job.put("payload", Map.of("name", name));
        return api.mustWrite("POST", "/jobs", job).path("id").asText();
    }
}
