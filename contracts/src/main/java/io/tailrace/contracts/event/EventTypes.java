package io.tailrace.contracts.event;

import java.util.Set;

/** The types of the events that Tailrace itself makes, and the grammar of a type. */
public final class EventTypes {
    /** Payload {@link UserRegistered}. */
    public static final String USER_REGISTERED = "user_registered";

    /** Of the tombstone that erases a person; without a payload. */
    public static final String USER_ERASED = "user_erased";

    /** Of a tombstone that follows another one, so that the log is compacted up to that; without a payload. */
    public static final String FACT_FORGOTTEN = "fact_forgotten";

    /** Payload {@link Follow}. */
    public static final String USER_FOLLOWED = "user_followed";

    /** Payload {@link Follow}. */
    public static final String USER_UNFOLLOWED = "user_unfollowed";

    /** Payload {@link PostPublished}. */
    public static final String POST_PUBLISHED = "post_published";

    /** On the feeds; payload {@link PostDeleted}. */
    public static final String POST_DELETED = "post_deleted";

    /** Payload {@link MetricCreated}. */
    public static final String METRIC_CREATED = "metric_created";

    /** Payload {@link MetricReadingCreated}. */
    public static final String METRIC_READING_CREATED = "metric_reading_created";

    /** Payload {@link DashboardSaved}. */
    public static final String DASHBOARD_SAVED = "dashboard_saved";

    /** Of the tombstone that deletes a dashboard; without a payload. */
    public static final String DASHBOARD_DELETED = "dashboard_deleted";

    /** Payload {@link UploadStored}, in the log; without the owner and the name on channels. */
    public static final String UPLOAD_STORED = "upload_stored";

    /** Of the tombstone that deletes an upload; without a payload. */
    public static final String UPLOAD_DELETED = "upload_deleted";

    /** On {@code upload:{owner}:{id}} and {@code user:{owner}}: how much of a file has arrived. */
    public static final String UPLOAD_PROGRESS = "upload_progress";

    /** On {@code upload:{owner}:{id}} and {@code user:{owner}}: a file was refused, or has no text, with the reason. */
    public static final String UPLOAD_FAILED = "upload_failed";

    /** On {@code upload:{owner}:{id}} and {@code user:{owner}}: how many pages of a file were read. */
    public static final String EXTRACTION_PROGRESS = "extraction_progress";

    /** On {@code upload:{owner}:{id}} and {@code user:{owner}}: the text of a file can be read. */
    public static final String UPLOAD_READY = "upload_ready";

    /** On {@code answer:{owner}:{id}}: an attempt begins, and what earlier ones said counts no more. */
    public static final String ANSWER_STARTED = "answer_started";

    /** On {@code answer:{owner}:{id}}: text of the answer. */
    public static final String ANSWER_DELTA = "answer_delta";

    /** On {@code answer:{owner}:{id}}: text of what the model thinks before it answers. */
    public static final String ANSWER_REASONING = "answer_reasoning";

    /** On {@code answer:{owner}:{id}}: a tool that the model wants to be called. */
    public static final String ANSWER_TOOL_CALL = "answer_tool_call";

    /** On {@code answer:{owner}:{id}}: how many tokens there were. */
    public static final String ANSWER_USAGE = "answer_usage";

    /** On {@code answer:{owner}:{id}}: the answer is whole. */
    public static final String ANSWER_COMPLETED = "answer_completed";

    /** On {@code answer:{owner}:{id}}: there will be no answer, or no more of it, with the reason. */
    public static final String ANSWER_FAILED = "answer_failed";

    /** On {@code answer:{owner}:{id}}: somebody cancelled it. */
    public static final String ANSWER_CANCELLED = "answer_cancelled";

    /** Payload {@link IndexSearched}. */
    public static final String INDEX_SEARCHED = "index_searched";

    /** Its payload is the kit's {@code ApiKey}. */
    public static final String API_KEY_CREATED = "api_key_created";

    /** Of the tombstone that revokes a key; without a payload. */
    public static final String API_KEY_REVOKED = "api_key_revoked";

    /** On {@code search:{index}}; payload {@link DocumentsIndexed}. */
    public static final String DOCUMENTS_INDEXED = "documents_indexed";

    /** Types that begin so are the edge's own control events; nobody else may publish them. */
    public static final String RESERVED_PREFIX = "stream.";

    /**
     * Events that a browser's {@code EventSource} fires itself (WHATWG HTML, section 9.2.2). One of a channel with such a type
     * would reach the handlers that a page has for these: a published {@code error} would look like a lost connection.
     */
    public static final Set<String> OF_EVENT_SOURCE = Set.of("error", "message", "open");

    private static final int MAX_LENGTH = 128;

    private EventTypes() {}

    /** Whether {@code type} is of the grammar {@code [A-Za-z][A-Za-z0-9_.:-]{0,127}}, reserved or not. */
    public static boolean isValid(String type) {
        if (type.isEmpty() || type.length() > MAX_LENGTH || !isLetter(type.charAt(0))) {
            return false;
        }
        // A loop and not a pattern: every record of the log comes by here.
        for (int i = 1; i < type.length(); i++) {
            char c = type.charAt(i);
            if (!isLetter(c) && !(c >= '0' && c <= '9') && c != '_' && c != '.' && c != ':' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    /** Whether {@code type} belongs to the edge or to browsers, so that nobody may publish it. */
    public static boolean isReserved(String type) {
        return type.startsWith(RESERVED_PREFIX) || OF_EVENT_SOURCE.contains(type);
    }
}
