package io.tailrace.standalone.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PagesTest {
    /** The pages of the repository name what there is. */
    @Nested
    class Here {
        private final PageRules rules = new PageRules(SourceTree.here());

        @Test
        void everyRelativeLinkLeadsToAFileAndAHeadingThatExist() {
            assertThat(rules.deadLinks()).isEmpty();
        }

        @Test
        void everyTypeAndPackageThatAPageNamesExists() {
            assertThat(rules.unknownTypes()).isEmpty();
        }

        @Test
        void everyCommandThatAPageShowsIsInTheHelp() {
            assertThat(rules.unknownCommands()).isEmpty();
        }

        @Test
        void everySettingThatAPageNamesIsInATableOfSettings() {
            assertThat(rules.unknownSettings()).isEmpty();
        }

        @Test
        void everyEndpointThatAPageNamesExists() {
            assertThat(rules.unknownEndpoints()).isEmpty();
        }
    }

    /** The rules find what is wrong, and nothing else. */
    @Nested
    class Elsewhere {
        private final Path root;

        Elsewhere(@TempDir Path root) {
            this.root = root;
        }

        @BeforeEach
        void aSmallRepository() throws Exception {
            write("tailrace", "usage() {\n    cat <<'TEXT'\n./tailrace up [--port N]\n./tailrace down\nTEXT\n}\n");
            write("m/src/main/java/io/tailrace/m/StreamLoop.java", "final class StreamLoop { record InnerPart() {} }");
            write("clients/src/types.js", "/** @typedef {object} OpenOptions */ export class ChannelTail {}");
            write("clients/python/tail.py", "class TailError(Exception):\n    pass\n");
            write(
                    "m/src/main/proto/wire.proto",
                    "service WireService {}\nmessage WireFrame {\n  enum WireKind {}\n}\n");
            write("deploy/rules.yml", "- alert: JobsDie\n");
            write(PageRules.OUTSIDE_NAMES, "# whose\nShareConsumer: Kafka's\nTAILRACE_TOKEN: read by clients\n");
            write(
                    "docs/configuration.md",
                    "| Variable |\n|---|\n| `TAILRACE_HTTP_PORT` | 8080 |\n| `TAILRACE_JOBS_LEASE` | |\n");
            write(
                    "standalone/src/test/java/io/tailrace/standalone/service/RoutesTest.java",
                    "\"GET /jobs/{id}/log: anybody\", \"POST /jobs: operator\"");
        }

        @Test
        void aLinkToNoFileAndOneToNoHeadingAreNamed() throws Exception {
            write("docs/other.md", "# The `code` of it, *twice*\n\n## Again\n\n## Again\n\n<a id=\"here\"></a>\n");
            write(
                    "docs/page.md",
                    """
                    ## Own heading
                    [a](other.md) [b](other.md#the-code-of-it-twice) [c](other.md#again-1) [d](other.md#here) [e](#own-heading)
                    [f](../m) [g](https://example.org/none#none) `[h](none.md)` ![i](none.png "title")
                    [j](other.md#again-2) [k](#none) [`StreamLoop`] [`Lost`] [`Put`][l]

                    [`StreamLoop`]: ../m/src/main/java/io/tailrace/m/StreamLoop.java
                    [l]: none.html

                    ```
                    [m](none.md)
                    ```
                    """);

            assertThat(rules().deadLinks())
                    .containsExactly(
                            "docs/page.md: [`Lost`] is defined nowhere on the page",
                            "docs/page.md: none.png leads to no file",
                            "docs/page.md: other.md#again-2 leads to no heading of docs/other.md",
                            "docs/page.md: #none leads to no heading of docs/page.md",
                            "docs/page.md: none.html leads to no file");
        }

        @Test
        void aTypeOrPackageThatNobodyDeclaresIsNamed() throws Exception {
            write(
                    "README.md",
                    """
                    `StreamLoop`, `StreamLoop.InnerPart`, `InnerPart<T>`, `StreamLoop.turn()`, `OpenOptions`, `ChannelTail`, `TailError`,
                    `JobsDie`, `WireService`, `WireFrame.WireKind`, `ShareConsumer`, `io.tailrace.m`, `io.tailrace.m.StreamLoop`, `Host`, `POST /jobs`, `Is-A-Header`, GoneLoop
                    `GoneLoop`, `StreamLoop.GonePart`, `GoneOptions.of(1)`, `io.tailrace.gone.StreamLoop`
                    """);

            assertThat(rules().unknownTypes())
                    .containsExactly(
                            unknownType("GoneLoop"),
                            unknownType("GonePart"),
                            unknownType("GoneOptions"),
                            unknownType("io.tailrace.gone.StreamLoop"));
        }

        private String unknownType(String name) {
            return "README.md: " + name + " is no type or package of the sources, and is not in "
                    + PageRules.OUTSIDE_NAMES;
        }

        @Test
        void aCommandThatIsNotInTheHelpIsNamedAlsoInABlock() throws Exception {
            write(
                    "m/README.md",
                    "`./tailrace up`, `./tailrace help`\n\n    ./tailrace down\n\n```sh\n./tailrace sing\n```\n");

            assertThat(rules().unknownCommands())
                    .containsExactly("m/README.md: ./tailrace sing is not in ./tailrace help");
        }

        @Test
        void aSettingThatNoTableHasIsNamed() throws Exception {
            write(
                    "docs/page.md",
                    "`TAILRACE_HTTP_PORT`, `TAILRACE_HTTP_…`, `TAILRACE_TOKEN`, `LOGGER_LEVELS_IO_TAILRACE_EDGE=DEBUG`,"
                            + " `TAILRACE_JOBS_LEASE=1s`, `TAILRACE_JOBS_LEASES`, `TAILRACE_WORK_*`\n");

            assertThat(rules().unknownSettings())
                    .hasSize(2)
                    .allMatch(fault -> fault.startsWith("docs/page.md: TAILRACE_JOBS_LEASES is in no table")
                            || fault.startsWith("docs/page.md: TAILRACE_WORK_ is in no table"));
        }

        @Test
        void anEndpointThatIsNoRouteIsNamed() throws Exception {
            write(
                    "docs/page.md",
                    "`GET /jobs/{id}/log?after=1`, `GET /jobs/42/log`, `POST /jobs {type}`, `GET /events?channels=a`,"
                            + " `GET /events…`, `GET /jobs`, `DELETE /jobs/{id}`, `GET /jobs/{id}/log/more`\n");

            assertThat(rules().unknownEndpoints())
                    .hasSize(3)
                    .allMatch(fault -> fault.matches(
                            "docs/page.md: (GET /jobs|DELETE /jobs/\\{id}|GET /jobs/\\{id}/log/more) is not a"
                                    + " route .*"));
        }

        @Test
        void whatWasDecidedOnceMayNameWhatIsNoMoreButLinksToWhatThereIs() throws Exception {
            write(
                    "docs/decisions/0001-one.md",
                    "`GoneLoop`, `TAILRACE_GONE`, `./tailrace sing`, `GET /gone`, [a](gone.md)\n");

            assertThat(rules().unknownTypes()).isEmpty();
            assertThat(rules().unknownSettings()).isEmpty();
            assertThat(rules().unknownCommands()).isEmpty();
            assertThat(rules().unknownEndpoints()).isEmpty();
            assertThat(rules().deadLinks()).containsExactly("docs/decisions/0001-one.md: gone.md leads to no file");
        }

        private PageRules rules() {
            return new PageRules(new SourceTree(root));
        }

        private void write(String name, String text) throws Exception {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
    }
}
