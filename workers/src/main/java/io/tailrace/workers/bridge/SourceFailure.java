package io.tailrace.workers.bridge;

import io.grpc.Status;
import io.tailrace.kit.grpc.InstallationHeader;
import io.tailrace.workers.bridge.sequence.InvalidSource;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/**
 * Why a metric is not copied at present.
 *
 * @param type {@code [a-z_]+}, for programs
 * @param message for people, without the address of the source
 */
record SourceFailure(String type, String message) {
    private static final int MAX_MESSAGE = 300;

    /** What gRPC says about a message that it does not take. */
    private static final String TOO_LARGE = "gRPC message exceeds maximum size";

    /** What a source said that no source may say. */
    static SourceFailure of(InvalidSource invalid) {
        return new SourceFailure("invalid_message", "The source sent " + invalid.getMessage());
    }

    /** How a call ended. */
    static SourceFailure of(Status status) {
        String said = status.getDescription() == null ? "" : status.getDescription();
        return switch (status.getCode()) {
            case OK -> new SourceFailure("source_ended", "The source has ended the call, which has no end");
            case NOT_FOUND -> answered("unknown_metric", "The source does not know the metric", said);
            case INVALID_ARGUMENT, OUT_OF_RANGE -> answered("refused", "The source refuses the request", said);
            case FAILED_PRECONDITION -> ofPrecondition(said);
            case UNIMPLEMENTED ->
                isHttp(status)
                        ? notGrpc()
                        : answered("not_implemented", "The source is a gRPC server without SeriesService.Watch", said);
            case UNAUTHENTICATED -> answered("unauthenticated", "The source wants another token", said);
            case PERMISSION_DENIED -> answered("permission_denied", "The token does not allow it", said);
            case RESOURCE_EXHAUSTED ->
                said.startsWith(TOO_LARGE)
                        ? new SourceFailure(
                                "invalid_message", "The source sent a message that is larger than a bridge takes")
                        : answered("source_busy", "The source has reached a limit", said);
            case UNAVAILABLE -> ofConnection(status, said);
            default ->
                isHttp(status)
                        ? notGrpc()
                        : answered("source_failed", "The call failed with " + status.getCode(), said);
        };
    }

    private static SourceFailure ofPrecondition(String said) {
        return said.startsWith(InstallationHeader.OWN_SERVER)
                ? new SourceFailure("own_server", "The target is this installation itself")
                : answered("refused", "The source refuses the request", said);
    }

    private static SourceFailure ofConnection(Status status, String said) {
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException) {
                return new SourceFailure("unresolvable_host", "The host of the target has no address");
            }
            if (cause instanceof SSLException) {
                String message = String.valueOf(cause.getMessage());
                return message.contains("not an SSL/TLS record")
                        ? new SourceFailure("not_tls", "The target does not speak TLS")
                        : new SourceFailure("tls_failed", shortened("TLS: " + deepest(cause)));
            }
            if (cause instanceof ConnectException) {
                return new SourceFailure("not_reachable", "Nobody accepts connections at the target");
            }
        }
        if (said.startsWith("Unable to resolve host")) {
            return new SourceFailure("unresolvable_host", "The host of the target has no address");
        }
        return isHttp(status) ? notGrpc() : new SourceFailure("disconnected", "The connection to the source has ended");
    }

    private static String deepest(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    private static boolean isHttp(Status status) {
        StringBuilder said = new StringBuilder().append(status.getDescription());
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            said.append(' ').append(cause.getMessage());
        }
        String text = said.toString().toLowerCase(Locale.ROOT);
        return text.contains("first received frame was not settings")
                || text.contains("http status code")
                || text.contains("invalid content-type")
                || text.contains("http/1");
    }

    private static SourceFailure notGrpc() {
        return new SourceFailure("not_grpc", "The target does not speak gRPC over HTTP/2");
    }

    private static SourceFailure answered(String type, String what, String said) {
        return new SourceFailure(type, shortened(said.isEmpty() ? what : what + ": " + said));
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ");
        return line.length() <= MAX_MESSAGE ? line : line.substring(0, MAX_MESSAGE) + "…";
    }
}
