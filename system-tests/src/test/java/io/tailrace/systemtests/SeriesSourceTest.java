package io.tailrace.systemtests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.tailrace.systemtests.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.client.ConsoleBrowser;
import io.tailrace.systemtests.client.SeriesSource;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.SharedPlatform;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code examples/series-source} and a bridge that copies it, on everything that {@code up} starts. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class SeriesSourceTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String NAME = "walks";

    @Test
    void a_bridge_copies_the_example_and_goes_on_when_it_was_killed_and_started_again(Platform platform)
            throws Exception {
        try (ConsoleBrowser console = new ConsoleBrowser(platform);
                SeriesSource source = SeriesSource.start()) {
            Api api = new Api(platform.origin(), console.admin());
            Api.Answer made = api.call(
                    "PUT",
                    "/bridges/" + NAME,
                    Map.of(
                            "target",
                            "127.0.0.1:" + source.port(),
                            "metrics",
                            List.of(Map.of("remote", "walk-1", "name", "A walk"), Map.of("remote", "walk-2"))));
            try {
                // when a bridge to the example is made, then its readings are here, each once
                assertThat(made.status()).as(made.json().toString()).isEqualTo(201);
                eventually("the bridge is live", LIMIT, () -> state(api).equals("live"));
                String metric =
                        made.json().path("metrics").path(0).path("metric_id").asText();
                eventually(
                        "twenty readings are copied",
                        LIMIT,
                        () -> readings(api, metric).size() >= 20);
                List<String> times = readings(api, metric).findValuesAsText("timestamp");
                assertThat(times).doesNotHaveDuplicates();
                assertThat(api.call("GET", "/metrics/" + metric, null)
                                .json()
                                .path("name")
                                .asText())
                        .isEqualTo("A walk");

                // and an operator sees it in the console
                Page page = console.open();
                console.signIn(page);
                page.click("#views a[href='#bridges']");
                Locator row = page.locator("#bridges tr").filter(new Locator.FilterOptions().setHasText("A walk"));
                assertThat(row).containsText("live");

                // when the source is killed, then the bridge says so, and goes on trying
                source.kill();
                eventually("the bridge is failing", LIMIT, () -> state(api).equals("failing"));
                assertThat(row).containsText("failing");
                assertThat(api.call("GET", "/health", null).json().toString())
                        .doesNotContain("127.0.0.1:" + source.port());

                // and when it is started again without what it knew, then the bridge copies it again, and tells the gap
                int copied = readings(api, metric).size();
                try (SeriesSource again = SeriesSource.start(source.port())) {
                    eventually(
                            "the bridge is live again", LIMIT, () -> state(api).equals("live"));
                    assertThat(row).containsText("live");
                    eventually(
                            "further readings are copied",
                            LIMIT,
                            () -> readings(api, metric).size() > copied);
                    assertThat(readings(api, metric).findValuesAsText("timestamp"))
                            .doesNotHaveDuplicates();
                    assertThat(api.call("GET", "/bridges/" + NAME, null)
                                    .json()
                                    .path("metrics")
                                    .path(0)
                                    .path("gaps")
                                    .asInt())
                            .isEqualTo(1);
                    assertThat(again.port()).isEqualTo(source.port());
                }
            } finally {
                assertThat(api.call("DELETE", "/bridges/" + NAME, null).status())
                        .isEqualTo(204);
            }
        }
    }

    private static String state(Api api) throws Exception {
        return api.call("GET", "/bridges/" + NAME, null).json().path("state").asText();
    }

    private static JsonNode readings(Api api, String metric) throws Exception {
        return api.call("GET", "/metrics/" + metric + "/readings?limit=500", null)
                .json()
                .path("readings");
    }
}
