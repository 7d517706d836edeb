package io.tailrace.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.tailrace.systemtests.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import io.tailrace.systemtests.browser.Chromium;
import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.client.ConsoleBrowser;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.SharedPlatform;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How the dashboard draws few and many points, in light and dark, and which resolution it chooses by itself. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class DashboardDrawingTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final double LIMIT_MS = 60_000;

    /** The most lines of a panel, each with one window for each pixel: more than 5,000 points together. */
    private static final int METRICS = 4;

    private static final int SECONDS = 1_400;
    private static final int BATCH = 350;

    /** How many pixels of the canvas are drawn on. */
    private static final String DRAWN =
            """
            canvas => {
              const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
              let count = 0;
              for (let i = 3; i < data.length; i += 4) if (data[i] > 0) count++;
              return count;
            }
            """;

    @Test
    void many_points_are_drawn_on_a_canvas_and_a_marked_part_of_them_as_lines(Platform platform) throws Exception {
        // given four metrics with a reading in each second of some minutes, from five minutes ago on
        Api api = new Api(platform.origin(), null);
        Instant from = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(300);
        List<String> metrics = new ArrayList<>();
        List<Map<String, Object>> readings = new ArrayList<>();
        for (int i = 0; i < METRICS; i++) {
            String metric = metric(api, "drawn-" + i);
            metrics.add(metric);
            for (int second = 0; second < SECONDS; second++) {
                readings.add(reading(metric, from.plusSeconds(second), 20 * (i + 1) + Math.sin(second / 60.0) * 8));
            }
        }
        for (int i = 0; i < readings.size(); i += BATCH) {
            write(api, readings.subList(i, i + BATCH));
        }
        try (Chromium chromium = new Chromium()) {
            Page page = chromium.page();
            page.setDefaultTimeout(LIMIT_MS);
            page.setViewportSize(1_500, 900);

            // when all of them are looked at
            page.navigate(platform.origin() + "/dashboard#range=" + from + ".." + from.plusSeconds(SECONDS) + "&panel="
                    + String.join(",", metrics) + "~auto~Waves");
            page.waitForFunction("() => document.querySelector('.board .plot')?.dataset.drawnOn === 'canvas'");

            // then they are drawn on a canvas, which has other colours in the dark
            int light = (int) page.locator(".plot canvas").evaluate(DRAWN);
            assertThat(light).as("pixels drawn").isGreaterThan(SECONDS);
            assertThat(page.locator("path.line")).hasCount(0);
            Object bright = background(page);
            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "dashboard-many.png")));
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
            assertThat(background(page)).isNotEqualTo(bright);
            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "dashboard-many-dark.png")));

            // and when a part is marked, it is drawn as lines with their bands
            mark(page, 0.4, 0.6);
            page.waitForFunction("() => document.querySelector('.board .plot').dataset.drawnOn === 'svg'");
            assertThat(page.locator("path.line")).hasCount(METRICS);
            assertThat(page.locator("path.area").first()).hasAttribute("d", Pattern.compile("^M.+"));
            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "dashboard-brush.png")));
        }
    }

    @Test
    void a_marked_part_of_a_day_has_finer_windows_by_itself(Platform platform) throws Exception {
        // given a metric with readings of the last minutes
        Api api = new Api(platform.origin(), null);
        Instant from = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(300);
        String metric = metric(api, "zoomed");
        List<Map<String, Object>> readings = new ArrayList<>();
        for (int second = 0; second < 300; second++) {
            readings.add(reading(metric, from.plusSeconds(second), 20 + second % 7));
        }
        write(api, readings);
        try (Chromium chromium = new Chromium()) {
            Page page = chromium.page();
            page.setDefaultTimeout(LIMIT_MS);

            // when a day is looked at, and then the end of it
            page.navigate(platform.origin() + "/dashboard#range=24h&panel=" + metric + "~auto~Day");
            assertThat(page.locator(".legend")).containsText("every 1m", limit());
            for (int i = 0; i < 2; i++) {
                String before = page.locator("#range-words").textContent();
                // A chart that moves in the middle, because a line above it is shown, is marked once more.
                eventually("the range is what was marked", LIMIT, () -> {
                    mark(page, 0.9, 1);
                    return !before.equals(page.locator("#range-words").textContent());
                });
            }

            // then its windows are the finest
            assertThat(page.locator(".legend")).containsText("every 1s", limit());
        }
    }

    /** Marks a part of the chart with the pointer. */
    private static void mark(Page page, double from, double to) {
        BoundingBox chart = page.locator(".stage .brush .overlay").boundingBox();
        page.mouse().move(chart.x + chart.width * from, chart.y + chart.height / 2);
        page.mouse().down();
        page.mouse().move(chart.x + chart.width * to - 1, chart.y + chart.height / 2);
        page.mouse().up();
    }

    private static Object background(Page page) {
        return page.locator(".board").evaluate("board => getComputedStyle(board).backgroundColor");
    }

    private static LocatorAssertions.ContainsTextOptions limit() {
        return new LocatorAssertions.ContainsTextOptions().setTimeout(LIMIT_MS);
    }

    private static String metric(Api api, String name) throws Exception {
        return api.mustWrite("POST", "/metrics", Map.of("name", ConsoleBrowser.unique(name), "unit", "m"))
                .path("id")
                .asText();
    }

    private static Map<String, Object> reading(String metric, Instant at, double value) {
        return Map.of("metric_id", metric, "value", value, "timestamp", at.toString());
    }

    private static void write(Api api, List<Map<String, Object>> readings) throws Exception {
        assertThat(api.mustWrite("POST", "/metrics/readings", readings)
                        .path("accepted")
                        .asInt())
                .isEqualTo(readings.size());
    }
}
