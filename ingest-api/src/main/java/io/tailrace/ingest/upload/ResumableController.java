package io.tailrace.ingest.upload;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Head;
import io.micronaut.http.annotation.Options;
import io.micronaut.http.annotation.Patch;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Parameter;
import io.tailrace.ingest.input.Ids;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Uploads that go on where they were cut, by tus 1.0.0. */
@Controller("/uploads/resumable")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_AUTHENTICATED)
final class ResumableController {
    private static final String PATH = "/uploads/resumable/";

    private final ResumableUploads uploads;
    private final UploadSettings settings;

    ResumableController(ResumableUploads uploads, UploadSettings settings) {
        this.uploads = uploads;
        this.settings = settings;
    }

    /** What this server can. */
    @Options(consumes = MediaType.ALL)
    @Secured(SecurityRule.IS_ANONYMOUS)
    @Status(HttpStatus.NO_CONTENT)
    HttpResponse<Void> options() {
        return HttpResponse.<Void>noContent()
                .header(TusHeaders.VERSIONS, TusHeaders.VERSION)
                .header(TusHeaders.EXTENSIONS, TusHeaders.SUPPORTED)
                .header(TusHeaders.CHECKSUM_ALGORITHMS, TusHeaders.ALGORITHMS)
                .header(TusHeaders.MAX_SIZE, Long.toString(settings.maxBytes()));
    }

    /** Begins an upload; the body, if there is one, is its beginning. */
    @Post(consumes = MediaType.ALL)
    @Status(HttpStatus.CREATED)
    HttpResponse<Void> create(HttpRequest<?> request, @Parameter(hidden = true) Caller caller) throws IOException {
        UUID owner = caller.userId();
        TusHeaders.requireVersion(field(request, TusHeaders.RESUMABLE));
        if (field(request, TusHeaders.DEFER_LENGTH) != null) {
            throw ProblemException.invalid(TusHeaders.DEFER_LENGTH, "not supported, expected " + TusHeaders.LENGTH);
        }
        long length = TusHeaders.bytes(TusHeaders.LENGTH, field(request, TusHeaders.LENGTH));
        String said = field(request, TusHeaders.METADATA);
        Map<String, String> metadata = TusHeaders.metadata(said);
        TusHeaders.Checksum checksum = TusHeaders.checksum(field(request, TusHeaders.CHECKSUM));
        ResumableUploads.Progress progress = uploads.create(
                owner,
                FileNames.normalize(metadata.getOrDefault("filename", metadata.get("name"))),
                MediaTypes.declared(metadata.getOrDefault("filetype", metadata.get("type"))),
                said,
                length);
        MutableHttpResponse<Void> response =
                HttpResponse.<Void>status(HttpStatus.CREATED).header(HttpHeaders.LOCATION, PATH + progress.id());
        if (isContent(request)) {
            progress = begin(request, owner, progress.id(), checksum);
            response.header(TusHeaders.OFFSET, Long.toString(progress.offset()));
        }
        return with(response, progress);
    }

    /** The client does not know an upload whose beginning is refused, so nothing of it stays. */
    private ResumableUploads.Progress begin(
            HttpRequest<?> request, UUID owner, UUID id, TusHeaders.@Nullable Checksum checksum) throws IOException {
        try (InputStream body = UploadController.body(request)) {
            return uploads.append(owner, id, 0, body, request.getContentLength(), checksum);
        } catch (ProblemException e) {
            uploads.giveUp(owner, id);
            throw e;
        }
    }

    /** Where an upload is. */
    @Head("/{id}")
    HttpResponse<Void> find(HttpRequest<?> request, @Parameter(hidden = true) Caller caller, @PathVariable String id) {
        UUID owner = caller.userId();
        TusHeaders.requireVersion(field(request, TusHeaders.RESUMABLE));
        ResumableUploads.Progress progress = uploads.find(owner, Ids.parse("id", id));
        MutableHttpResponse<Void> response = HttpResponse.<Void>ok()
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header(TusHeaders.OFFSET, Long.toString(progress.offset()))
                .header(TusHeaders.LENGTH, Long.toString(progress.length()));
        if (progress.metadata() != null) {
            response.header(TusHeaders.METADATA, progress.metadata());
        }
        return with(response, progress);
    }

    /** Another method by {@code X-HTTP-Method-Override}, for clients that can send nothing but POST. */
    @Post(value = "/{id}", consumes = MediaType.ALL)
    HttpResponse<Void> override(
            HttpRequest<?> request, @Parameter(hidden = true) Caller caller, @PathVariable String id)
            throws IOException {
        String method = field(request, TusHeaders.METHOD);
        return switch (method == null ? "" : method) {
            case "PATCH" -> append(request, caller, id);
            case "DELETE" -> delete(request, caller, id);
            case "HEAD" -> find(request, caller, id);
            default ->
                throw ProblemException.invalid(
                        TusHeaders.METHOD,
                        (method == null ? "missing" : "another") + ", expected PATCH, DELETE or HEAD");
        };
    }

    /** Appends the body to an upload. */
    @Patch(value = "/{id}", consumes = MediaType.ALL)
    @Status(HttpStatus.NO_CONTENT)
    HttpResponse<Void> append(HttpRequest<?> request, @Parameter(hidden = true) Caller caller, @PathVariable String id)
            throws IOException {
        UUID owner = caller.userId();
        TusHeaders.requireVersion(field(request, TusHeaders.RESUMABLE));
        UUID which = Ids.parse("id", id);
        if (!isContent(request)) {
            throw new ProblemException(ProblemType.UNSUPPORTED_MEDIA_TYPE, "expected " + TusHeaders.CONTENT);
        }
        long offset = TusHeaders.bytes(TusHeaders.OFFSET, field(request, TusHeaders.OFFSET));
        TusHeaders.Checksum checksum = TusHeaders.checksum(field(request, TusHeaders.CHECKSUM));
        try (InputStream body = UploadController.body(request)) {
            ResumableUploads.Progress progress =
                    uploads.append(owner, which, offset, body, request.getContentLength(), checksum);
            return with(
                    HttpResponse.<Void>noContent().header(TusHeaders.OFFSET, Long.toString(progress.offset())),
                    progress);
        }
    }

    /** Ends an upload that is still arriving, and deletes what has arrived. */
    @Delete("/{id}")
    @Status(HttpStatus.NO_CONTENT)
    HttpResponse<Void> delete(
            HttpRequest<?> request, @Parameter(hidden = true) Caller caller, @PathVariable String id) {
        UUID owner = caller.userId();
        TusHeaders.requireVersion(field(request, TusHeaders.RESUMABLE));
        uploads.delete(owner, Ids.parse("id", id));
        return HttpResponse.noContent();
    }

    private static HttpResponse<Void> with(MutableHttpResponse<Void> response, ResumableUploads.Progress progress) {
        return progress.expiresAt() == null
                ? response
                : response.header(TusHeaders.EXPIRES, TusHeaders.date(progress.expiresAt()));
    }

    private static boolean isContent(HttpRequest<?> request) {
        String type = field(request, HttpHeaders.CONTENT_TYPE);
        return type != null && type.strip().equalsIgnoreCase(TusHeaders.CONTENT);
    }

    private static @Nullable String field(HttpRequest<?> request, String name) {
        return request.getHeaders().get(name);
    }
}
