package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.client.ShellPage;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.SharedPlatform;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The commands of README, as somebody pastes them. The quick starts of the clients, and the page of curl, are run by the tests of the clients. Blocks with grpcurl are left
 * to people, because the project does not bring that program; the same calls are made by {@code SeriesWatchTest}, and its lines are parsed by bash here.
 */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class ShellBlocksTest {
    @Test
    void the_commands_of_the_readme_do_what_it_says(Platform platform) throws Exception {
        // given a cursor, which a reader takes from what curl has printed
        Api publisher = new Api(platform.origin(), platform.token("readme", "--publish", "news:*"));
        String cursor = publisher
                .mustWrite("POST", "/channels/news:today/events", Map.of("type", "headline", "data", "before"))
                .at("/events/0/position")
                .asText();
        ShellPage readme = ShellPage.read("README.md");
        // Those start this platform and this test, and those need another program.
        assertThat(readme.countOf("./tailrace test")).isEqualTo(1);
        assertThat(readme.countOf("grpcurl")).isEqualTo(1);

        // when
        String printed = readme.without("./tailrace test")
                .without("grpcurl")
                .with("PASTE_THE_ID", cursor)
                // A machine that is busy with other tests takes longer, and who pastes line by line sees the event
                // before the stream is cut.
                .with("sleep 1 ", "sleep 3 ")
                .with("kill %1", "sleep 2; kill %1")
                .with("--people 10000", "--people 50")
                .run(platform, Map.of());

        // then the headline came live and after the cursor, of two one got the seat, and people are found
        assertThat(printed.split("\"text\":\"It works\"", -1)).hasSizeGreaterThan(2);
        assertThat(printed).contains("held", "seats-not-free");
        assertThat(printed).contains("\"total\":");
    }

    @Test
    void the_commands_for_grpcurl_are_commands_of_bash() throws Exception {
        for (String page : List.of("README.md", "docs/grpc.md")) {
            assertThat(ShellPage.read(page).countOf("grpcurl")).isPositive();
            assertThat(ShellPage.read(page).isParsed()).as(page).isTrue();
        }
    }
}
