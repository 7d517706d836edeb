package io.tailrace.workers.extract;

import io.tailrace.kit.extract.ExtractJob;
import io.tailrace.kit.extract.FileTexts;
import io.tailrace.kit.extract.TextState;
import io.tailrace.kit.file.FileArea;
import io.tailrace.kit.file.FileBusyException;
import io.tailrace.kit.file.FileKey;
import io.tailrace.kit.file.FileStore;
import io.tailrace.kit.file.FileStores;
import io.tailrace.kit.job.JobContext;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.JobHandler;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of a file, keeps it beside the file, and tells its owner. A file without a text is no failure of the job: the text's file says
 * why there is none. Whoever deletes the file at the same time wins. Thread-safe; blocks.
 */
public final class ExtractHandler implements JobHandler<ExtractJob> {
    private static final Duration BUSY = Duration.ofSeconds(1);

    private final ExtractSettings settings;
    private final FileStores stores;
    private final Extractor extractor;
    private final ExtractEvents events;

    /** A handler; the events it tells of are those of its log. */
    public ExtractHandler(ExtractSettings settings, FileStores stores, Extractor extractor, ExtractEvents events) {
        this.settings = settings;
        this.stores = stores;
        this.extractor = extractor;
        this.events = events;
    }

    @Override
    public String type() {
        return ExtractJob.TYPE;
    }

    @Override
    public Class<ExtractJob> payload() {
        return ExtractJob.class;
    }

    @Override
    public Object run(ExtractJob job, JobContext context) throws JobFailure, InterruptedException {
        FileStore store = stores.configured()
                .orElseThrow(() -> JobFailure.lasting(
                        "not_configured", "This process has no folder of files (TAILRACE_FILES_FOLDER)", null));
        if (settings.classPath().isEmpty()) {
            throw JobFailure.lasting(
                    "not_configured", "This process has no extractor (TAILRACE_EXTRACT_CLASS_PATH)", null);
        }
        try {
            FileTexts texts = new FileTexts(store);
            // Of an attempt that died before it told.
            Optional<TextState> earlier = texts.state(job.ownerId(), job.uploadId());
            TextState state = earlier.isPresent() ? earlier.get() : extract(job, store, texts, context);
            if (state == null) {
                context.log().info("The file is deleted");
                return Map.of("state", "deleted");
            }
            events.ended(job, state);
            return state;
        } catch (FileBusyException e) {
            throw JobFailure.passingAfter(BUSY, "file_busy", "Somebody else writes the file");
        } catch (IOException e) {
            throw JobFailure.passing(
                    "files_unavailable", "The store of files is away, or no process can be started", e);
        } catch (KafkaException e) {
            throw JobFailure.passing("log_unavailable", "The log does not take what became of the file", e);
        }
    }

    private @Nullable TextState extract(ExtractJob job, FileStore store, FileTexts texts, JobContext context)
            throws IOException, InterruptedException {
        FileKey file = new FileKey(FileArea.STORED, job.ownerId(), job.uploadId());
        AtomicLong next = new AtomicLong(System.nanoTime());
        Extracted extracted;
        try {
            extracted = extractor.read(() -> store.read(file, 0, Long.MAX_VALUE), job.detectedType(), (pages, of) -> {
                if (!context.isStopped() && System.nanoTime() - next.get() >= 0) {
                    next.set(System.nanoTime() + settings.progressInterval().toNanos());
                    events.progress(job, context.attempt(), pages, of);
                }
            });
        } catch (NoSuchFileException e) {
            return null;
        }
        // Who deletes a file has this lock, or deletes all that its owner has.
        try (Closeable unused = store.lock(file)) {
            if (store.size(file) < 0) {
                return null;
            }
            TextState state =
                    switch (extracted) {
                        case Extracted.Text(var pages) -> texts.keep(job.ownerId(), job.uploadId(), pages);
                        case Extracted.None(var fault) -> texts.keep(job.ownerId(), job.uploadId(), fault);
                    };
            if (store.size(file) < 0) {
                var unusedDeleted = texts.delete(job.ownerId(), job.uploadId());
                return null;
            }
            return state;
        }
    }
}
