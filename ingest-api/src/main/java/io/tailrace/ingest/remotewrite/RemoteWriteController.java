package io.tailrace.ingest.remotewrite;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tailrace.ingest.metric.MetricAccess;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;
import java.time.Instant;

/** Takes the samples of a Prometheus server or of an agent. Where metrics are not open, it needs a token. */
@Controller("/api/v1")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_ANONYMOUS)
final class RemoteWriteController {
    /** How many samples were added, of a request of which some were refused. */
    static final String ADDED = "Tailrace-Samples-Added";

    /** How many were refused. */
    static final String REFUSED = "Tailrace-Samples-Refused";

    private static final int MAX_BYTES = 32 << 20;
    private static final String PROTOBUF = "application/x-protobuf";
    private static final String MESSAGE = "prometheus.WriteRequest";

    private final MetricAccess access;
    private final RemoteWrites writes;

    RemoteWriteController(MetricAccess access, RemoteWrites writes) {
        this.access = access;
        this.writes = writes;
    }

    /**
     * Adds samples as readings: a {@code prometheus.WriteRequest} in Snappy's block format. Samples that cannot be readings are answered
     * with 400, which Prometheus does not send again; the others of the request are added.
     */
    @Post(value = "/write", consumes = PROTOBUF)
    @Status(HttpStatus.NO_CONTENT)
    @ApiResponse(responseCode = "204", description = "The log has all samples")
    HttpResponse<?> write(HttpRequest<?> request, @Parameter(hidden = true) Caller caller, @Body byte[] body) {
        access.require(caller);
        requireForm(request);
        writes.add(WriteRequest.read(BlockSnappy.decompress(body, MAX_BYTES)), Instant.now());
        return HttpResponse.noContent();
    }

    private static void requireForm(HttpRequest<?> request) {
        String encoding = request.getHeaders().get(RemoteWriteEncoding.ENCODING);
        if (!RemoteWriteEncoding.SNAPPY.equals(encoding)) {
            throw new ProblemException(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "The body is not compressed with Snappy, expected " + HttpHeaders.CONTENT_ENCODING + ": snappy");
        }
        String message = request.getContentType()
                .flatMap(type -> type.getParameters().get("proto"))
                .orElse(MESSAGE);
        if (!message.equals(MESSAGE)) {
            throw new ProblemException(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "The body is " + message + ", expected " + MESSAGE + " of remote-write 1.0");
        }
    }
}
