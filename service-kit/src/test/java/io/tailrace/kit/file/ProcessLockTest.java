package io.tailrace.kit.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lock of a file, asked for by another process. */
@Tag("server")
class ProcessLockTest {
    private static final int BUSY = 7;

    private final FileKey key = new FileKey(FileArea.INCOMING, UUID.randomUUID(), UUID.randomUUID());

    @Test
    void it_holds_also_when_the_file_was_opened_and_closed_in_the_process_that_has_it(@TempDir Path folder)
            throws Exception {
        FileStore store = new FolderStore(folder);
        try (Closeable unused = store.lock(key)) {
            assertThatThrownBy(() -> store.lock(key)).isInstanceOf(FileBusyException.class);
            store.write(key).close();
            store.read(key, 0, 1).close();

            assertThat(exitValueOfAnother(folder)).isEqualTo(BUSY);
        }
        assertThat(exitValueOfAnother(folder)).isZero();
    }

    private int exitValueOfAnother(Path folder) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Another.class.getName(),
                        folder.toString(),
                        key.owner().toString(),
                        key.id().toString())
                .inheritIO()
                .start()
                .waitFor();
    }

    /** A process that wants the lock. */
    static final class Another {
        private Another() {}

        public static void main(String[] arguments) throws IOException {
            FileKey wanted =
                    new FileKey(FileArea.INCOMING, UUID.fromString(arguments[1]), UUID.fromString(arguments[2]));
            try (Closeable unused = new FolderStore(Path.of(arguments[0])).lock(wanted)) {
                return;
            } catch (FileBusyException e) {
                System.exit(BUSY);
            }
        }
    }
}
