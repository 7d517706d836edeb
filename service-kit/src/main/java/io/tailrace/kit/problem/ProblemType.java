package io.tailrace.kit.problem;

import java.util.Locale;

/** The kinds of problems. Their URIs are part of the contract with clients: never rename one. */
public enum ProblemType {
    /** The body is not JSON, not UTF-8, or holds what JSON input may not hold. */
    MALFORMED_JSON(400, "The body is not well-formed JSON"),
    /** The HTTP request itself is malformed. */
    BAD_REQUEST(400, "The request is malformed"),
    /** Fields, parameters or headers are not as they must be. */
    VALIDATION(400, "The request is not valid"),
    /** A page cursor or event id cannot be used. */
    INVALID_CURSOR(400, "The cursor is not valid"),
    /** More channels than one request may name. */
    TOO_MANY_CHANNELS(400, "Too many channels"),
    /** No token, or none that is valid. */
    UNAUTHORIZED(401, "Authentication is required"),
    /** A valid token that does not allow this. */
    FORBIDDEN(403, "Access is denied"),
    /** No such resource. */
    NOT_FOUND(404, "Not found"),
    /** The channel's namespace is not declared. */
    UNDECLARED_NAMESPACE(404, "The namespace is not declared"),
    /** The resource does not know this method. */
    METHOD_NOT_ALLOWED(405, "The method is not allowed"),
    /** None of the accepted media types can be produced. */
    NOT_ACCEPTABLE(406, "No acceptable media type"),
    /** The client took too long to send its request. */
    REQUEST_TIMEOUT(408, "The request took too long to arrive"),
    /** The state of the resource does not allow this. */
    CONFLICT(409, "Conflict"),
    /** Another account has this address. */
    EMAIL_TAKEN(409, "The email address is taken"),
    /** The show has no such seats. */
    UNKNOWN_SEATS(400, "The show has no such seats"),
    /** The hold is longer than the show allows. */
    HOLD_TOO_LONG(400, "The hold is too long"),
    /** Some of the seats are somebody's. */
    SEATS_NOT_FREE(409, "The seats are not free"),
    /** The person would have more seats than the show allows. */
    TOO_MANY_SEATS(409, "Too many seats for one person"),
    /** The show has begun. */
    SHOW_STARTED(409, "The show has begun"),
    /** The hold ran out. */
    RESERVATION_EXPIRED(409, "The hold has run out"),
    /** The reservation is confirmed already. */
    ALREADY_CONFIRMED(409, "The reservation is confirmed already"),
    /** The reservation was given back already. */
    ALREADY_RELEASED(409, "The reservation was released already"),
    /** The page cursor was good, and its time has run out. */
    CURSOR_EXPIRED(410, "The cursor has expired"),
    /** The request asks for another version of a protocol than there is. */
    PRECONDITION_FAILED(412, "A condition of the request does not hold"),
    /** The body is larger than allowed. */
    PAYLOAD_TOO_LARGE(413, "The body is too large"),
    /** The URI is longer than allowed. */
    URI_TOO_LONG(414, "The URI is too long"),
    /** The body's media type is not understood. */
    UNSUPPORTED_MEDIA_TYPE(415, "The media type is not supported"),
    /** Another request changes the resource. */
    LOCKED(423, "Another request is under way"),
    /** The body is not what its checksum says; the status is that of tus. */
    CHECKSUM_MISMATCH(460, "The checksum is wrong"),
    /** The resource would change the protocol, to a version of it that was not asked for. */
    UPGRADE_REQUIRED(426, "Another version of the protocol is required"),
    /** The idempotency key was used for another request. */
    IDEMPOTENCY_KEY_REUSED(422, "The idempotency key was used for another request"),
    /** Too many requests. */
    RATE_LIMITED(429, "Too many requests"),
    /** The client's address has as many streams as one may have. */
    TOO_MANY_STREAMS(429, "Too many streams from one address"),
    /** The headers are larger than allowed. */
    HEADERS_TOO_LARGE(431, "The headers are too large"),
    /** A fault of the server. */
    INTERNAL(500, "Internal error"),
    /** Something that the request needs is away for now. */
    UNAVAILABLE(503, "Temporarily unavailable"),
    /** The server holds as many connections as it may. */
    TOO_MANY_CONNECTIONS(503, "Too many connections");

    private static final String BASE = "https://tailrace.io/problems/";

    private final int status;
    private final String title;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** The stable URI. */
    public String uri() {
        return BASE + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The kind in words. */
    public String title() {
        return title;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }
}
