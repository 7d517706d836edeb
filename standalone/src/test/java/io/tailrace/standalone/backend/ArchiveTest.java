package io.tailrace.standalone.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.standalone.Fault;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void it_unpacks_what_is_wanted_without_the_first_folder_and_only_once() throws IOException {
        Path zip = zip("server-1/lib/a.jar", "server-1/modules/x-pack-core/b.jar");
        Path target = folder.resolve("server");
        Archive.once(target, Archive.zip(zip, name -> !name.startsWith("modules/x-pack-")));
        Archive.once(target, _ -> {
            throw new IOException("unpacked twice");
        });
        assertThat(target.resolve("lib/a.jar")).exists();
        assertThat(target.resolve("modules")).doesNotExist();
    }

    @Test
    void an_unpacking_that_was_cut_short_leaves_nothing() {
        Path target = folder.resolve("server");
        assertThatThrownBy(() -> Archive.once(target, into -> {
                    Files.writeString(into.resolve("half"), "");
                    throw new IOException("cut short");
                }))
                .hasMessage("cut short");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_full_disk_is_named_as_such() {
        assertThatThrownBy(() -> Archive.once(folder.resolve("server"), _ -> {
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("the disk is full");
    }

    @Test
    void an_entry_that_points_outside_is_refused() throws IOException {
        Path zip = zip("server-1/../../evil");
        assertThatThrownBy(() -> Archive.once(folder.resolve("server"), Archive.zip(zip, _ -> true)))
                .hasMessageContaining("outside");
        assertThat(folder.resolve("evil")).doesNotExist();
    }

    private Path zip(String... names) throws IOException {
        Path file = Files.createTempFile("archive", ".zip");
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.closeEntry();
            }
        }
        return file;
    }
}
