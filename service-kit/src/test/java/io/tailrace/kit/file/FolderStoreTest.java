package io.tailrace.kit.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
class FolderStoreTest {
    private final UUID owner = UUID.randomUUID();
    private final FileKey incoming = key(FileArea.INCOMING);
    private final FileKey stored = new FileKey(FileArea.STORED, owner, incoming.id());

    @TempDir
    Path folder;

    @Test
    void a_file_is_appended_to_cut_and_read_from_anywhere() throws IOException {
        FileStore store = new FolderStore(folder);
        write(store, incoming, "hello ");
        try (FileWriter out = store.write(incoming)) {
            append(out, "world!!!");
            out.truncate(11);
            append(out, "!");
            out.sync();
        }

        assertThat(store.size(incoming)).isEqualTo(12);
        assertThat(text(store, incoming, 0, 100)).isEqualTo("hello world!");
        assertThat(text(store, incoming, 6, 5)).isEqualTo("world");
        try (InputStream in = store.read(incoming, 6, 5)) {
            assertThat(in.skip(3)).isEqualTo(3);
            assertThat(in.read()).isEqualTo('l');
            assertThat(in.readAllBytes()).isEqualTo(new byte[] {'d'});
        }
        try (FileWriter out = store.write(incoming)) {
            assertThatThrownBy(() -> out.truncate(13)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void a_lock_is_for_one_and_survives_what_others_open_and_close() throws IOException {
        FileStore store = new FolderStore(folder);
        FileStore other = new FolderStore(folder);
        try (Closeable unused = store.lock(incoming)) {
            assertThatThrownBy(() -> store.lock(incoming)).isInstanceOf(FileBusyException.class);
            write(other, incoming, "mine");
            assertThat(text(other, incoming, 0, 100)).isEqualTo("mine");
            assertThatThrownBy(() -> other.lock(stored)).isInstanceOf(FileBusyException.class);
            other.lock(key(FileArea.INCOMING)).close();
            assertThatThrownBy(() -> other.lock(incoming)).isInstanceOf(FileBusyException.class);
        }

        other.lock(incoming).close();
    }

    @Test
    void a_small_file_is_replaced_as_a_whole() throws IOException {
        FileStore store = new FolderStore(folder);
        FileKey state = key(FileArea.STATE);
        store.replace(state, "longer".getBytes(StandardCharsets.UTF_8));
        store.replace(state, "short".getBytes(StandardCharsets.UTF_8));

        assertThat(text(store, state, 0, 100)).isEqualTo("short");
        assertThat(store.list(FileArea.STATE, owner)).extracting(FileEntry::key).containsExactly(state);
    }

    @Test
    void a_move_can_be_made_again_and_is_not_made_up() throws IOException {
        FileStore store = new FolderStore(folder);
        write(store, incoming, "x");

        store.move(incoming, stored);
        store.move(incoming, stored);

        assertThat(store.size(incoming)).isEqualTo(-1);
        assertThat(text(store, stored, 0, 9)).isEqualTo("x");
        assertThatThrownBy(() -> store.move(incoming, key(FileArea.STORED))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void a_shared_content_has_one_copy_and_lives_until_its_last_name_is_deleted() throws IOException {
        FileStore store = new FolderStore(folder);
        write(store, stored, "x");
        FileKey second = key(FileArea.STORED);

        assertThat(store.share(stored, second)).isTrue();
        assertThat(store.share(stored, second)).isTrue();

        assertThat(Files.getAttribute(path(stored), "unix:nlink")).isEqualTo(2);
        assertThat(store.delete(stored)).isTrue();
        assertThat(store.delete(stored)).isFalse();
        assertThat(text(store, second, 0, 9)).isEqualTo("x");
        assertThat(store.share(stored, key(FileArea.STORED))).isFalse();
    }

    @Test
    void all_of_somebodys_files_are_deleted_and_nobody_elses() throws IOException {
        FileStore store = new FolderStore(folder);
        UUID other = UUID.randomUUID();
        write(store, incoming, "x");
        write(store, stored, "x");
        store.replace(key(FileArea.STATE), new byte[] {1});
        write(store, new FileKey(FileArea.STORED, other, UUID.randomUUID()), "theirs");

        assertThat(store.deleteAll(owner)).isEqualTo(3);

        assertThat(store.owners()).containsExactly(other);
        assertThat(store.list(FileArea.STORED, owner)).isEmpty();
        assertThat(store.deleteAll(owner)).isZero();
    }

    @Test
    void nobody_but_the_processs_user_can_read_it() throws IOException {
        FileStore store = new FolderStore(folder);
        write(store, stored, "x");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path(stored))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(path(stored).getParent())))
                .isEqualTo("rwx------");
    }

    private FileKey key(FileArea area) {
        return new FileKey(area, owner, UUID.randomUUID());
    }

    private Path path(FileKey key) {
        return folder.resolve("stored")
                .resolve(key.owner().toString())
                .resolve(key.id().toString());
    }

    private static void write(FileStore store, FileKey key, String text) throws IOException {
        try (FileWriter out = store.write(key)) {
            append(out, text);
        }
    }

    private static void append(FileWriter out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
    }

    private static String text(FileStore store, FileKey key, long from, long length) throws IOException {
        try (InputStream in = store.read(key, from, length)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
