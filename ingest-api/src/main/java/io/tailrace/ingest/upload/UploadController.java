package io.tailrace.ingest.upload;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.ServerHttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.tailrace.ingest.idempotency.IdempotentWrites;
import io.tailrace.ingest.idempotency.WriteAnswer;
import io.tailrace.ingest.input.Ids;
import io.tailrace.ingest.input.Limits;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Files of people with accounts. */
@Controller("/uploads")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_AUTHENTICATED)
final class UploadController {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 200;
    private static final String STALE_HEADER = "Tailrace-Stale";
    private static final String CACHE = "private, no-store";

    private final Uploads uploads;
    private final UploadLookup lookup;
    private final UploadIntake intake;
    private final UploadContent contents;
    private final UploadTexts texts;
    private final IdempotentWrites writes;

    UploadController(
            Uploads uploads,
            UploadLookup lookup,
            UploadIntake intake,
            UploadContent contents,
            UploadTexts texts,
            IdempotentWrites writes) {
        this.uploads = uploads;
        this.lookup = lookup;
        this.intake = intake;
        this.contents = contents;
        this.texts = texts;
        this.writes = writes;
    }

    /** Takes the files of a form, each as a part with a file name. They are stored while they arrive. */
    @Post(consumes = MediaType.ALL)
    @Status(HttpStatus.CREATED)
    @RequestBody(
            required = true,
            content = @Content(mediaType = MediaType.MULTIPART_FORM_DATA, schema = @Schema(type = "object")))
    HttpResponse<NewUploads> create(HttpRequest<?> request, @Parameter(hidden = true) Caller caller)
            throws IOException {
        UUID owner = caller.userId();
        String type = request.getHeaders().get(HttpHeaders.CONTENT_TYPE);
        if (type == null || !type.regionMatches(true, 0, MediaType.MULTIPART_FORM_DATA, 0, 19)) {
            throw new ProblemException(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "expected " + MediaType.MULTIPART_FORM_DATA + " with the files");
        }
        try (InputStream body = body(request)) {
            return HttpResponse.created(intake.take(owner, type, request.getContentLength(), body))
                    .header(HttpHeaders.CACHE_CONTROL, CACHE);
        }
    }

    /** The body as it arrives; the client is not read while nobody reads here. */
    static InputStream body(HttpRequest<?> request) {
        return ((ServerHttpRequest<?>) request).byteBody().toInputStream();
    }

    /** A page of the caller's uploads, the newest first. */
    @Get
    HttpResponse<UploadPage> list(
            @Parameter(hidden = true) Caller caller,
            @Nullable @QueryValue String limit,
            @Nullable @QueryValue String before) {
        UUID owner = caller.userId();
        int wanted = Limits.parse(limit, DEFAULT_LIMIT, MAX_LIMIT);
        UploadLookup.Found<List<UploadRow>> found =
                lookup.newest(owner, before == null ? null : Ids.parse("before", before), wanted + 1);
        List<UploadView> shown =
                found.value().stream().limit(wanted).map(texts::view).toList();
        UUID next = found.value().size() > wanted ? shown.getLast().id() : null;
        MutableHttpResponse<UploadPage> response =
                HttpResponse.ok(new UploadPage(shown, next)).header(HttpHeaders.CACHE_CONTROL, CACHE);
        return found.fresh() ? response : response.header(STALE_HEADER, "true");
    }

    /** One of the caller's uploads. */
    @Get("/{id}")
    HttpResponse<UploadView> get(@Parameter(hidden = true) Caller caller, @PathVariable String id) {
        UUID owner = caller.userId();
        return HttpResponse.ok(texts.view(lookup.mustFind(Ids.parse("id", id), owner)))
                .header(HttpHeaders.CACHE_CONTROL, CACHE);
    }

    /** The content of one of the caller's uploads, or a range of it. */
    @Get(value = "/{id}/content", produces = MediaType.ALL)
    HttpResponse<?> content(HttpRequest<?> request, @Parameter(hidden = true) Caller caller, @PathVariable String id) {
        UUID owner = caller.userId();
        return contents.answer(request, lookup.mustFind(Ids.parse("id", id), owner));
    }

    /** The text of one of the caller's uploads, or of some of its pages, as plain text with a form feed between two pages. */
    @Get(value = "/{id}/text", produces = MediaType.TEXT_PLAIN)
    HttpResponse<?> text(
            HttpRequest<?> request,
            @Parameter(hidden = true) Caller caller,
            @PathVariable String id,
            @Nullable @QueryValue String page) {
        UUID owner = caller.userId();
        return texts.answer(request, lookup.mustFind(Ids.parse("id", id), owner), page);
    }

    /** Deletes one of the caller's uploads and its content. */
    @Delete("/{id}")
    @Status(HttpStatus.NO_CONTENT)
    HttpResponse<Void> delete(
            HttpRequest<?> request, @Parameter(hidden = true) Caller caller, @PathVariable String id) {
        UUID owner = caller.userId();
        UUID which = Ids.parse("id", id);
        return writes.make(request, caller, null, Void.class, write -> {
            uploads.delete(which, owner, write);
            return WriteAnswer.noContent();
        });
    }
}
