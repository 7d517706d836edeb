package io.tailrace.kit.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.tailrace.kit.problem.Problem;
import io.tailrace.kit.problem.ProblemException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is a problem over HTTP as a status of gRPC: a code, the problem's words, and as details (AIP-193) {@code ErrorInfo},
 * {@code BadRequest} for the faults of the input and {@code RetryInfo} for {@code Retry-After}. Pure.
 */
public final class ProblemStatus {
    /** The domain of {@code ErrorInfo}: whose words the reasons are. */
    public static final String DOMAIN = "tailrace.io";

    private ProblemStatus() {}

    /** The status of a problem that ends a request. */
    public static StatusRuntimeException of(ProblemException problem) {
        return of(problem.problem(), problem.headers());
    }

    /**
     * The status of a problem.
     *
     * @param headers those that go with it over HTTP
     */
    public static StatusRuntimeException of(Problem problem, Map<String, String> headers) {
        com.google.rpc.Status.Builder status = com.google.rpc.Status.newBuilder()
                .setCode(code(problem.status()).value())
                .setMessage(message(problem))
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setReason(reason(problem))
                        .setDomain(DOMAIN)
                        .putMetadata("type", problem.type())
                        .build()));
        List<Problem.FieldError> errors = problem.errors();
        if (errors != null && !errors.isEmpty()) {
            BadRequest.Builder faults = BadRequest.newBuilder();
            errors.forEach(error ->
                    faults.addFieldViolationsBuilder().setField(error.field()).setDescription(error.message()));
            status.addDetails(Any.pack(faults.build()));
        }
        String retryAfter = headers.get("Retry-After");
        if (retryAfter != null) {
            status.addDetails(Any.pack(RetryInfo.newBuilder()
                    .setRetryDelay(Duration.newBuilder().setSeconds(Long.parseLong(retryAfter)))
                    .build()));
        }
        return StatusProto.toStatusRuntimeException(status.build());
    }

    /** The code that means the same as a status of HTTP. */
    static Status.Code code(int httpStatus) {
        return switch (httpStatus) {
            case 400 -> Status.Code.INVALID_ARGUMENT;
            case 401 -> Status.Code.UNAUTHENTICATED;
            case 403 -> Status.Code.PERMISSION_DENIED;
            case 404 -> Status.Code.NOT_FOUND;
            case 409 -> Status.Code.ABORTED;
            case 410, 422 -> Status.Code.FAILED_PRECONDITION;
            case 413, 429 -> Status.Code.RESOURCE_EXHAUSTED;
            case 500 -> Status.Code.INTERNAL;
            case 503 -> Status.Code.UNAVAILABLE;
            default -> Status.Code.UNKNOWN;
        };
    }

    private static String message(Problem problem) {
        return problem.detail() == null ? problem.title() : problem.detail();
    }

    /** The last part of the problem's URI, in the form of a reason: {@code UNDECLARED_NAMESPACE}. */
    private static String reason(Problem problem) {
        String type = problem.type();
        return type.substring(type.lastIndexOf('/') + 1).replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
