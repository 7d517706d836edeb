package io.tailrace.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tailrace.kit.file.FileWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IntakeTest {
    private final Memory memory = new Memory();
    private final List<Long> progress = new ArrayList<>();

    @Test
    void a_content_is_hashed_and_written_on_and_only_its_beginning_is_kept() throws Exception {
        byte[] content = new byte[200_000];
        content[0] = 7;
        content[199_999] = 9;

        Received received = intake(1_000_000).take(new ByteArrayInputStream(content), memory);

        assertThat(received.size()).isEqualTo(200_000);
        assertThat(received.head()).hasSize(ContentTypes.HEAD_BYTES).startsWith(7);
        assertThat(memory.bytes.toByteArray()).isEqualTo(content);
        assertThat(memory.synced).isTrue();
        assertThat(progress).isSorted().endsWith(200_000L);
        Received again = Intake.describe(new ByteArrayInputStream(content));
        assertThat(again.sha256()).isEqualTo(received.sha256()).hasSize(64);
        assertThat(again.head()).isEqualTo(received.head());
        assertThat(again.size()).isEqualTo(200_000);
    }

    @Test
    void an_empty_content_one_that_is_too_long_and_a_full_disk_are_refused() {
        assertThat(reason(0, 10)).isEqualTo("empty");
        assertThat(reason(11, 10)).isEqualTo("too_large");
        memory.room = 70_000;
        assertThat(reason(100_000, 1_000_000)).isEqualTo("storage_unavailable");
    }

    private String reason(int length, long maxBytes) {
        return catchThrowableOfType(RefusedUpload.class, () -> intake(maxBytes)
                        .take(new ByteArrayInputStream(new byte[length]), memory))
                .refusal()
                .reason();
    }

    private Intake intake(long maxBytes) {
        return new Intake(maxBytes, UploadRefusal.tooLarge(maxBytes), progress::add);
    }

    private static final class Memory implements FileWriter {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int room = Integer.MAX_VALUE;
        private boolean synced;

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            if (bytes.size() + length > room) {
                throw new IOException("No space left on device");
            }
            bytes.write(from, offset, length);
        }

        @Override
        public void sync() {
            synced = true;
        }

        @Override
        public void truncate(long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}
