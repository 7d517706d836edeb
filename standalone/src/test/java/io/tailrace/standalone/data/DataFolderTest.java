package io.tailrace.standalone.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.standalone.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept in the data folder, and what is said when it cannot be. */
class DataFolderTest {
    @TempDir
    private Path temporary = Path.of("");

    private DataFolder folder = new DataFolder(Path.of(""));

    @BeforeEach
    void open() {
        folder = new DataFolder(temporary.resolve("data"));
        folder.open();
    }

    @Test
    void a_file_in_its_place_is_a_fault_that_names_it() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));
        assertThatThrownBy(() -> new DataFolder(file).open())
                .isInstanceOf(Fault.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void what_is_below_a_file_or_behind_a_broken_link_is_a_fault() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));
        Path link = Files.createSymbolicLink(temporary.resolve("link"), temporary.resolve("nowhere"));
        assertThatThrownBy(() -> new DataFolder(file.resolve("below")).check())
                .isInstanceOf(Fault.class)
                .hasMessageContaining(file + " is not a folder");
        assertThatThrownBy(() -> new DataFolder(link).check()).isInstanceOf(Fault.class);
    }

    @Test
    void a_folder_without_rights_is_a_fault_that_names_it_and_nothing_is_written() {
        // Not even root may make a folder there.
        Path closed = Path.of("/proc/self");
        Assumptions.assumeTrue(Files.isDirectory(closed), "no proc(5) here");
        assertThatThrownBy(() -> new DataFolder(closed.resolve("data")).open())
                .isInstanceOf(Fault.class)
                .hasMessageContaining(closed.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tr jörg", "日本", "a;b#c d'e~f&(g)[h]{i}@+^|<j>*?", " blanks ", "-x", "ö/a b"})
    void names_of_every_language_are_taken(String name) {
        DataFolder named = new DataFolder(temporary.resolve(name));
        named.open();
        assertThat(named.root()).isEqualTo(temporary.resolve(name)).isDirectory();
    }

    @Test
    void dots_lead_where_the_operating_system_would_go() throws IOException {
        // given
        Path deep = Files.createDirectories(temporary.resolve("a/b/c"));
        Path link = Files.createSymbolicLink(temporary.resolve("link"), deep);
        // then
        assertThat(new DataFolder(link.resolve("../x/./y")).root())
                .isEqualTo(temporary.toRealPath().resolve("a/b/x/y"));
        assertThat(new DataFolder(temporary.resolve("none/../x/")).root()).isEqualTo(temporary.resolve("x"));
    }

    @Test
    void too_little_space_is_a_fault_that_says_how_much_is_needed() {
        assertThatThrownBy(() -> folder.requireSpace(Long.MAX_VALUE >> 20, 1))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("MiB are needed");
        folder.requireSpace(0, 0);
    }

    @Test
    void only_one_holds_the_lock_and_a_lock_file_alone_means_nothing() {
        try (FolderLock held = FolderLock.take(folder).orElseThrow()) {
            assertThat(held).isNotNull();
            assertThat(FolderLock.take(folder)).isEmpty();
        }
        assertThat(folder.lockFile()).exists();
        Optional<FolderLock> again = FolderLock.take(folder);
        assertThat(again).isPresent();
        again.get().close();
    }

    @Test
    void ports_are_kept_unless_somebody_took_one() throws IOException {
        // given
        List<String> names = List.of("kafka", "redis");
        Map<String, Integer> first = Ports.choose(folder, names, new SplittableRandom(1));
        // then
        assertThat(Ports.choose(folder, names, new SplittableRandom(2))).isEqualTo(first);
        assertThat(first.values()).doesNotHaveDuplicates().allMatch(port -> port >= 20_000 && port < 32_000);
        try (var taken = new java.net.ServerSocket(
                first.getOrDefault("kafka", 0), 1, java.net.InetAddress.getLoopbackAddress())) {
            Map<String, Integer> second = Ports.choose(folder, names, new SplittableRandom(3));
            assertThat(second.get("kafka")).isNotEqualTo(taken.getLocalPort());
            assertThat(second).containsEntry("redis", first.getOrDefault("redis", 0));
        }
    }

    @Test
    void a_state_is_read_as_it_was_written_and_a_broken_one_is_none() throws IOException {
        RunState state = new RunState(
                RunState.UP,
                "http://localhost:8080",
                12,
                34,
                List.of(new RunState.PartStatus("kafka", "ready", 56, 78, 9092, 2, 90, "", "/tmp/kafka.log")));
        state.write(folder);
        assertThat(RunState.read(folder)).contains(state);
        Files.writeString(folder.stateFile(), "{\"phase\":");
        assertThat(RunState.read(folder)).isEmpty();
    }

    @Test
    void secrets_are_for_their_owner_only() throws IOException {
        EnvironmentFile.write(folder, Map.of("TAILRACE_POSTGRES_PASSWORD", "a=b"));
        assertThat(Files.getPosixFilePermissions(folder.environmentFile())).hasSize(2);
        assertThat(EnvironmentFile.read(folder)).containsEntry("TAILRACE_POSTGRES_PASSWORD", "a=b");
    }

    @Test
    void a_value_with_a_line_break_is_refused() {
        assertThatThrownBy(() -> EnvironmentFile.write(folder, Map.of("A", "b\nc=d")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
