package io.tailrace.extractor;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.workers.extract.Extracted;
import io.tailrace.workers.extract.Extractor;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No file does harm: {@code -Dtailrace.hostile=1000} tries a thousand instead of some, and prints what became of each kind. */
@Tag("server")
class HostileFilesTest {
    private static final int SOME = 42;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Path folder;

    @BeforeEach
    void start(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void every_file_has_a_text_or_a_reason_and_the_next_one_is_read() throws Exception {
        int count = Integer.getInteger("tailrace.hostile", SOME);
        Extractor extractor = new Extractor(ChildPath.settings(folder, 128, LIMIT));
        Map<String, String> outcomes = new ConcurrentHashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                all.add(threads.submit(() -> {
                    HostileFiles.Hostile hostile = HostileFiles.of(number);
                    outcomes.put(
                            number + " " + hostile.what(), name(read(extractor, hostile.content(), hostile.type())));
                    return null;
                }));
            }
            for (Future<?> each : all) {
                var unused = each.get();
            }
        }

        assertThat(outcomes).hasSize(count);
        // Those that no parser may expand or read.
        assertThat(of(outcomes, "bomb in a part")).containsOnly("TOO_LARGE");
        assertThat(of(outcomes, "PDF with a password")).containsOnly("ENCRYPTED");
        assertThat(of(outcomes, "entities in OpenDocument")).doesNotContain("text");
        assertThat(of(outcomes, "entities in Word")).doesNotContain("text");
        assertThat(of(outcomes, "deep HTML")).doesNotContain("TOOK_TOO_LONG");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
        assertThat(name(read(extractor, Documents.pdf("still there"), Documents.PDF)))
                .isEqualTo("text");
        if (count != SOME) {
            System.out.println(table(outcomes));
        }
    }

    private static Extracted read(Extractor extractor, byte[] content, String type) throws Exception {
        return extractor.read(() -> new ByteArrayInputStream(content), type, (pages, of) -> {});
    }

    private static String name(Extracted extracted) {
        return switch (extracted) {
            case Extracted.Text _ -> "text";
            case Extracted.None(var fault) -> fault.name();
        };
    }

    private static List<String> of(Map<String, String> outcomes, String what) {
        return outcomes.entrySet().stream()
                .filter(each -> each.getKey().endsWith(" " + what))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static String table(Map<String, String> outcomes) {
        Map<String, Long> counts = new TreeMap<>(outcomes.entrySet().stream()
                .collect(Collectors.groupingBy(
                        each -> each.getKey().replaceFirst("[0-9]+ ", "") + ": " + each.getValue(),
                        Collectors.counting())));
        return counts.entrySet().stream()
                .map(each -> each.getValue() + "\t" + each.getKey())
                .collect(Collectors.joining("\n"));
    }
}
