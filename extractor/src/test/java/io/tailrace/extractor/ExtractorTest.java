package io.tailrace.extractor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.kit.extract.ExtractionFault;
import io.tailrace.workers.extract.Extracted;
import io.tailrace.workers.extract.Extractor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as workers start it. */
@Tag("server")
class ExtractorTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    private Path folder;

    @BeforeEach
    void start(@TempDir Path folder) {
        this.folder = folder;
    }

    private Extracted read(Extractor extractor, byte[] content, String type) throws Exception {
        return extractor.read(() -> new ByteArrayInputStream(content), type, (pages, of) -> {});
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }

    @Test
    void a_file_is_read_by_a_process_that_tells_of_its_pages_and_leaves_nothing() throws Exception {
        Path leftover = Files.createDirectory(folder.resolve("tailrace-extract-killed"));
        Files.writeString(leftover.resolve("file"), "somebody's");
        Files.setLastModifiedTime(leftover, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        byte[] pdf = Documents.pdf("first page", "second page");

        Extracted extracted = new Extractor(ChildPath.settings(folder, 192, LONG))
                .read(() -> new ByteArrayInputStream(pdf), Documents.PDF, (pages, of) -> told.add(pages + "/" + of));

        assertThat(extracted).isInstanceOfSatisfying(Extracted.Text.class, text -> assertThat(text.pages())
                .satisfiesExactly(first -> assertThat(first).contains("first page"), second -> assertThat(second)
                        .contains("second page")));
        assertThat(told).containsExactly("1/2", "2/2");
        assertThat(left()).isEmpty();
    }

    @Test
    void one_that_takes_more_memory_than_it_has_is_too_large() throws Exception {
        byte[] large = new byte[19_000_000];
        Arrays.fill(large, (byte) 'x');

        assertThat(read(new Extractor(ChildPath.settings(folder, 32, LONG)), large, "text/plain"))
                .isEqualTo(new Extracted.None(ExtractionFault.TOO_LARGE));
        assertThat(left()).isEmpty();
    }

    @Test
    void one_that_does_not_end_in_time_is_ended() throws Exception {
        assertThat(read(
                        new Extractor(ChildPath.settings(folder, 192, Duration.ofMillis(1))),
                        "words".getBytes(StandardCharsets.UTF_8),
                        "text/plain"))
                .isEqualTo(new Extracted.None(ExtractionFault.TOOK_TOO_LONG));
        assertThat(left()).isEmpty();
    }

    @Test
    void a_process_that_does_not_start_is_not_the_files_fault() {
        Extractor extractor = new Extractor(ChildPath.settings("nowhere.jar", folder, 192, LONG));

        assertThatThrownBy(() -> read(extractor, new byte[] {'a'}, "text/plain"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("did not start");
    }

    @Test
    void whoever_is_interrupted_leaves_no_process_and_no_file() throws Exception {
        Extractor extractor = new Extractor(ChildPath.settings(folder, 192, LONG));
        CountDownLatch isOpen = new CountDownLatch(1);
        CompletableFuture<Extracted> result = new CompletableFuture<>();
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                result.complete(extractor.read(
                        () -> {
                            isOpen.countDown();
                            return new ByteArrayInputStream(Documents.pdf("a page"));
                        },
                        Documents.PDF,
                        (pages, of) -> {}));
            } catch (IOException | InterruptedException e) {
                result.completeExceptionally(e);
            }
        });

        assertThat(isOpen.await(60, TimeUnit.SECONDS)).isTrue();
        reader.interrupt();

        assertThatThrownBy(() -> result.get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        reader.join();
        assertThat(left()).isEmpty();
        assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
                .noneMatch(child -> child.info().commandLine().orElse("").contains(folder.toString()));
    }
}
