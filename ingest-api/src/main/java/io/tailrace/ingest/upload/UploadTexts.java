package io.tailrace.ingest.upload;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.server.types.files.StreamedFile;
import io.tailrace.kit.extract.ExtractJob;
import io.tailrace.kit.extract.FileTexts;
import io.tailrace.kit.extract.TextState;
import io.tailrace.kit.file.FileStore;
import io.tailrace.kit.file.FileStores;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the texts that workers have read in files. Thread-safe; blocks. */
@Singleton
final class UploadTexts {
    private static final String CACHE = "private, no-store";
    private static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, Map.of("charset", "utf-8"));

    private final Optional<FileStore> store;
    private final Uploads uploads;

    UploadTexts(FileStores stores, Uploads uploads) {
        this.store = stores.configured();
        this.uploads = uploads;
    }

    /**
     * An upload with what is known of its text.
     *
     * @throws ProblemException 503 if the store is away
     */
    UploadView view(UploadRow upload) {
        return UploadView.of(upload, ExtractJob.isFor(upload.detectedType()) ? state(upload) : null);
    }

    private @Nullable TextState state(UploadRow upload) {
        if (store.isEmpty()) {
            return null;
        }
        try {
            return new FileTexts(store.get())
                    .state(upload.ownerId(), upload.id())
                    .orElse(null);
        } catch (IOException e) {
            throw Uploads.away(e);
        }
    }

    /**
     * Answers with the text of some pages.
     *
     * @param page which pages; null for all
     * @throws ProblemException 400 if the pages are malformed, 404 if there are no such pages, 409 if there is no text, 503 if the store is away
     */
    HttpResponse<?> answer(HttpRequest<?> request, UploadRow upload, @Nullable String page) {
        PageRange wanted = PageRange.parse(page);
        TextState state = ExtractJob.isFor(upload.detectedType()) ? state(upload) : null;
        if (state == null) {
            throw new ProblemException(ProblemType.CONFLICT, why(upload));
        }
        if (state.reason() != null) {
            throw new ProblemException(ProblemType.CONFLICT, "The file has no text: " + state.reason());
        }
        if (page != null && wanted.first() > state.pages()) {
            throw new ProblemException(
                    ProblemType.NOT_FOUND, "The text has " + state.pages() + " pages, and no page " + wanted.first());
        }
        var response = HttpResponse.ok()
                .contentType(TEXT)
                .header(HttpHeaders.CACHE_CONTROL, CACHE)
                .header("X-Content-Type-Options", "nosniff")
                .header("Content-Security-Policy", UploadContent.SANDBOX);
        // Nobody would close what is opened for HEAD.
        return request.getMethod() == HttpMethod.HEAD ? response : response.body(body(upload, wanted));
    }

    private static String why(UploadRow upload) {
        return ExtractJob.isFor(upload.detectedType())
                ? "The text of the file is not read yet; the channel of the upload tells when it is"
                : "Of files of the type " + upload.detectedType() + " no text is read";
    }

    private StreamedFile body(UploadRow upload, PageRange wanted) {
        UUID owner = upload.ownerId();
        try {
            return new StreamedFile(
                    new FileTexts(uploads.store()).text(owner, upload.id(), wanted.first(), wanted.last()), TEXT);
        } catch (NoSuchFileException e) {
            throw new ProblemException(ProblemType.NOT_FOUND, "You have no upload " + upload.id());
        } catch (IOException e) {
            throw Uploads.away(e);
        }
    }
}
