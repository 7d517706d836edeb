package io.tailrace.exporter.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tailrace.exporter.export.Range;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentFolderTest {
    private final UUID job = UUID.randomUUID();
    private final SegmentFolder folder;

    SegmentFolderTest(@TempDir Path path) throws IOException {
        this.folder = new SegmentFolder(path);
    }

    private static Segment segment(long from, long to, long rows) {
        return new Segment("readings", 0, from, to, rows, 8, "a-project.b.c", "stream-of-" + from + "-" + to, false);
    }

    private Segment create(Segment segment) throws IOException {
        Path temporary = folder.temporary(job, "1");
        try (Spool spool = new Spool(temporary)) {
            for (int i = 0; i < segment.rows(); i++) {
                spool.add(("row" + i).getBytes(StandardCharsets.UTF_8));
            }
            spool.finish(segment);
        }
        return folder.create(temporary, segment);
    }

    @Test
    void whoeverMakesASegmentSecondTakesThatOfTheFirst() throws IOException {
        Segment first = segment(0, 10, 3);
        assertThat(create(first)).isEqualTo(first);
        assertThat(create(segment(0, 7, 2))).isEqualTo(first);
        assertThat(folder.segments("readings")).containsExactly(first);
        assertThat(folder.exported("readings")).containsEntry(0, 10L);
        assertThat(folder.segments("feed")).isEmpty();
    }

    @Test
    void rowsAreCutAlikeFromWhereverTheyAreRead() throws IOException {
        Segment segment = create(segment(0, 20, 5));
        try (SpooledRows rows = new SpooledRows(folder.file(segment), segment)) {
            assertThat(rows.from(0)).extracting(ByteString::toStringUtf8).containsExactly("row0", "row1");
            assertThat(rows.from(4)).extracting(ByteString::toStringUtf8).containsExactly("row4");
            assertThat(rows.from(2)).extracting(ByteString::toStringUtf8).containsExactly("row2", "row3");
            assertThat(rows.from(5)).isEmpty();
        }
    }

    @Test
    void ofWrittenSegmentsTheLastOnesStay() throws IOException {
        for (int i = 0; i < 30; i++) {
            var unused = folder.written(create(segment(i * 10L, i * 10L + 10, 1)), job, "1");
        }
        Segment unwritten = create(segment(300, 310, 1));

        folder.forget("readings");

        List<Segment> left = folder.segments("readings");
        assertThat(left).hasSize(21).contains(unwritten);
        assertThat(left.getFirst().from()).isEqualTo(100);
        assertThat(folder.exported("readings")).containsEntry(0, 310L);
        assertThat(folder.hasBehind("readings", new Range(0, 0, 1000), 90)).isTrue();
        assertThat(folder.hasBehind("readings", new Range(0, 0, 1000), 300)).isFalse();
        assertThat(folder.hasBehind("readings", new Range(1, 0, 1000), 0)).isFalse();
    }
}
