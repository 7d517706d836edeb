package io.tailrace.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.kit.file.FileWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChunkIntakeTest {
    private static final int MIB = 1024 * 1024;

    private final List<String> calls = new ArrayList<>();
    private final Disk disk = new Disk();
    private long kept = 3;

    @Test
    void an_offset_is_kept_behind_its_bytes_every_8_mib_and_at_the_end() throws IOException {
        assertThat(take(new byte[20 * MIB], 30 * MIB, null))
                .isEqualTo(new ChunkIntake.Result(ChunkIntake.End.WHOLE, 3 + 20 * MIB));

        assertThat(calls).hasSize(6).startsWith("sync", "kept " + (3 + 8 * MIB));
        assertThat(kept).isEqualTo(3 + 20 * MIB);
    }

    @Test
    void what_came_before_the_connection_was_cut_stays() throws IOException {
        InputStream cut = new SequenceInputStream(new ByteArrayInputStream(new byte[10]), new BrokenInput());

        assertThat(intake().take(cut, 3, 100, null)).isEqualTo(new ChunkIntake.Result(ChunkIntake.End.CUT, 13));
        assertThat(kept).isEqualTo(13);
    }

    @Test
    void of_a_body_with_another_checksum_nothing_stays() throws IOException {
        TusHeaders.Checksum wrong = new TusHeaders.Checksum("SHA-1", new byte[20]);

        assertThat(take(new byte[20 * MIB], 30 * MIB, wrong))
                .isEqualTo(new ChunkIntake.Result(ChunkIntake.End.WRONG_CHECKSUM, 3));
        assertThat(kept).isEqualTo(3);
        assertThat(disk.size).isEqualTo(3);
    }

    @Test
    void of_a_body_with_a_checksum_that_was_cut_nothing_stays() throws IOException {
        InputStream cut = new SequenceInputStream(new ByteArrayInputStream(new byte[10]), new BrokenInput());
        TusHeaders.Checksum right =
                new TusHeaders.Checksum("SHA-1", Digests.of("SHA-1").digest(new byte[10]));

        assertThat(intake().take(cut, 3, 100, right)).isEqualTo(new ChunkIntake.Result(ChunkIntake.End.CUT, 3));
        assertThat(kept).isEqualTo(3);
    }

    @Test
    void a_body_with_its_checksum_is_there() throws IOException {
        TusHeaders.Checksum right =
                new TusHeaders.Checksum("SHA-256", Digests.sha256().digest(new byte[10]));

        assertThat(take(new byte[10], 100, right)).isEqualTo(new ChunkIntake.Result(ChunkIntake.End.WHOLE, 13));
        assertThat(kept).isEqualTo(13);
    }

    @Test
    void what_is_longer_than_the_file_is_not_taken() throws IOException {
        assertThat(take(new byte[98], 100, null).end()).isEqualTo(ChunkIntake.End.TOO_LONG);
        assertThat(disk.size).isLessThanOrEqualTo(100);
    }

    @Test
    void a_full_disk_is_told_and_the_offset_before_stays_true() {
        disk.room = 9 * MIB;

        assertThatThrownBy(() -> take(new byte[20 * MIB], 30 * MIB, null)).isInstanceOf(IOException.class);
        assertThat(kept).isEqualTo(3 + 8 * MIB);
    }

    private ChunkIntake intake() {
        return new ChunkIntake(
                disk,
                offset -> {
                    calls.add("kept " + offset);
                    kept = offset;
                },
                received -> {});
    }

    private ChunkIntake.Result take(byte[] body, long length, TusHeaders.@Nullable Checksum checksum)
            throws IOException {
        return intake().take(new ByteArrayInputStream(body), 3, length, checksum);
    }

    private final class Disk implements FileWriter {
        private long size = 3;
        private long room = Long.MAX_VALUE;

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (size + length > room) {
                throw new IOException("No space left on device");
            }
            size += length;
        }

        @Override
        public void sync() {
            calls.add("sync");
        }

        @Override
        public void truncate(long newSize) {
            size = newSize;
        }

        @Override
        public void close() {}
    }

    private static final class BrokenInput extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("Connection reset");
        }
    }
}
