package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.platform.DataFolders;
import io.tailrace.systemtests.platform.Launcher;
import io.tailrace.systemtests.platform.Launcher.Outcome;
import io.tailrace.systemtests.platform.Platform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code ./tailrace} says when it cannot do what it was asked to, and what survives. */
@Tag("server")
class LauncherTest {
    private static final Map<String, String> FOREIGN = Map.of(
            "LC_ALL", "C", "JAVA_TOOL_OPTIONS", "-Duser.language=ar -Duser.country=EG -Duser.extensions=u-nu-arab");

    private static final String SMALL = "search,telemetry,event-dispatcher";

    @Test
    void a_second_up_and_a_taken_port_are_refused_in_one_line() throws Exception {
        try (Platform platform = Platform.up(new Launcher(newData()), SMALL.split(","))) {
            // when it is started once more on the same data
            Outcome second = platform.launcher().run("up", "--detach", "--port", "1");
            // then it says so, and the first goes on
            assertOneLine(second, "already");
            assertThat(new Api(platform.origin(), null)
                            .call("GET", "/health/readiness", null)
                            .status())
                    .isEqualTo(200);
        }
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // when the port belongs to somebody else
            Outcome outcome = new Launcher(newData())
                    .run("up", "--detach", "--without", SMALL, "--port", String.valueOf(taken.getLocalPort()));
            // then the port is named
            assertOneLine(outcome, String.valueOf(taken.getLocalPort()));
        }
    }

    @Test
    void data_survives_kill_9_of_everything_and_the_orphans_are_cleared_away() throws Exception {
        // given a language with digits of its own, and a name that is neither ASCII nor Latin-1
        Launcher foreign = new Launcher(newData().resolve("tr jörg 日本"), FOREIGN);
        try (Platform platform = Platform.up(foreign, SMALL.split(","))) {
            // given an account
            String email = UUID.randomUUID() + "@example.org";
            Api api = new Api(platform.origin(), null);
            api.mustWrite("POST", "/auth/register", account(email));

            // when the supervisor itself is killed and started again
            platform.kill9("standalone");
            platform.upAgain();

            // then the account is still there
            assertThat(api.call("POST", "/auth/register", account(email)).status())
                    .isEqualTo(409);
        }
    }

    @Test
    void a_folder_that_cannot_be_written_is_named() throws Exception {
        // given a file where the data folder should be
        Path file = Files.createTempFile(Path.of("target").toAbsolutePath(), "not-a-folder", "");
        // when it is to be used
        Outcome outcome = new Launcher(file).run("up", "--detach", "--without", SMALL);
        // then it is named
        assertOneLine(outcome, file.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b", "a:b", "a\nb", "300"})
    void a_folder_that_cannot_be_used_is_refused_in_one_line_and_not_made(String name) throws Exception {
        Path parent = newData();
        Path folder = parent.resolve(name.equals("300") ? "x".repeat(300) : name);
        assertOneLine(new Launcher(folder).run("up", "--detach", "--without", SMALL), parent.toString());
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void tests_of_a_module_that_does_not_exist_are_refused() throws Exception {
        assertOneLine(new Launcher(newData()).run("test", "--module", "nowhere"), "--module nowhere");
        assertOneLine(new Launcher(newData()).run("test", "--fast", "--module"), "--module");
    }

    @Test
    void down_and_status_without_anything_running_say_so() throws Exception {
        Launcher launcher = new Launcher(newData());
        assertThat(launcher.run("status").exitCode()).isNotZero();
        assertThat(launcher.run("down").err()).doesNotContain("Exception");
    }

    private static Map<String, String> account(String email) {
        return Map.of("email", email, "password", "correct horse battery", "name", "Somebody");
    }

    private static Path newData() throws IOException {
        return DataFolders.createEmpty("data");
    }

    private static void assertOneLine(Outcome outcome, String expected) {
        assertThat(outcome.exitCode()).isNotZero();
        String said = (outcome.out() + outcome.err()).strip();
        assertThat(said).contains(expected).doesNotContain("Exception", "\tat ");
        assertThat(outcome.err().strip().lines()).hasSizeLessThanOrEqualTo(1);
    }
}
