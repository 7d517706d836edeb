package io.tailrace.ingest.upload;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.types.files.StreamedFile;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Serves a content so that it does no harm: as a download, never sniffed, as bytes if a browser could run it. Thread-safe; blocks.
 */
@Singleton
final class UploadContent {
    private static final String CACHE = "private, no-cache";
    /** Of what a browser is to show at most as text. */
    static final String SANDBOX = "default-src 'none'; sandbox";

    private static final String UNRESERVED = "!#$&+-.^_`|~";

    private final Uploads uploads;

    UploadContent(Uploads uploads) {
        this.uploads = uploads;
    }

    /** Answers with a content, or with the part that the request wants. */
    HttpResponse<?> answer(HttpRequest<?> request, UploadRow upload) {
        String tag = '"' + upload.sha256() + '"';
        if (names(request.getHeaders().get(HttpHeaders.IF_NONE_MATCH), tag)) {
            return HttpResponse.status(HttpStatus.NOT_MODIFIED)
                    .header(HttpHeaders.ETAG, tag)
                    .header(HttpHeaders.CACHE_CONTROL, CACHE);
        }
        String condition = request.getHeaders().get(HttpHeaders.IF_RANGE);
        String wanted = condition == null || condition.equals(tag)
                ? request.getHeaders().get(HttpHeaders.RANGE)
                : null;
        MutableHttpResponse<?> response =
                switch (ByteRange.parse(wanted, upload.size())) {
                    case ByteRange.Whole() -> body(request, HttpStatus.OK, upload, 0, upload.size());
                    case ByteRange.Part part ->
                        body(request, HttpStatus.PARTIAL_CONTENT, upload, part.from(), part.length())
                                .header(
                                        HttpHeaders.CONTENT_RANGE,
                                        "bytes " + part.from() + "-" + part.to() + "/" + upload.size());
                    case ByteRange.Unsatisfiable() ->
                        HttpResponse.status(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
                                .header(HttpHeaders.CONTENT_RANGE, "bytes */" + upload.size());
                };
        return response.header(HttpHeaders.ACCEPT_RANGES, "bytes")
                .header(HttpHeaders.ETAG, tag)
                .header("X-Content-Type-Options", "nosniff")
                .header("Content-Security-Policy", SANDBOX);
    }

    private MutableHttpResponse<?> body(
            HttpRequest<?> request, HttpStatus status, UploadRow upload, long from, long length) {
        if (request.getMethod() == HttpMethod.HEAD) {
            // Nobody would close what is opened for it.
            return HttpResponse.status(status).contentType(MediaTypes.served(upload.detectedType()));
        }
        StreamedFile file = new StreamedFile(
                uploads.read(upload, from, length),
                MediaType.of(MediaTypes.served(upload.detectedType())),
                upload.createdAt().toEpochMilli(),
                length);
        return HttpResponse.status(status)
                .body(file)
                .header(HttpHeaders.CACHE_CONTROL, CACHE)
                .header(HttpHeaders.CONTENT_DISPOSITION, disposition(upload.name()));
    }

    private static boolean names(@Nullable String field, String tag) {
        return field != null
                && Arrays.stream(field.split(","))
                        .map(String::strip)
                        .anyMatch(each -> each.equals(tag) || each.equals("*"));
    }

    /** As of RFC 6266: for every client in ASCII, and for those that know RFC 8187 as it is. */
    static String disposition(String name) {
        StringBuilder ascii = new StringBuilder();
        name.codePoints()
                .forEach(c -> ascii.append(c < 0x20 || c > 0x7e || c == '"' || c == '\\' || c == '%' ? '_' : (char) c));
        StringBuilder extended = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0);
            extended.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", b & 0xff));
        }
        return "attachment; filename=\"" + ascii + "\"; filename*=UTF-8''" + extended;
    }
}
