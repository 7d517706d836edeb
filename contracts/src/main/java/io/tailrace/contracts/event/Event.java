package io.tailrace.contracts.event;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event: the attributes of CloudEvents 1.0 that Tailrace uses, and its data. In Kafka it travels in binary content
 * mode (CloudEvents Kafka protocol binding, section 3.2): attributes as {@code ce_*} headers, data as the value.
 *
 * @param id unique for its source; a UUIDv7 unless a publisher chose another
 * @param type what happened, for example {@code post_published}
 * @param source who says so: a URI reference, for example {@code /tailrace/ingest-api}
 * @param time when it happened
 * @param subject what it is about, usually the record's key; null if nothing
 * @param data JSON in UTF-8 on one line (no CR, no LF), so that an edge can frame it without parsing it; not copied
 */
public record Event(String id, String type, String source, Instant time, @Nullable String subject, byte[] data) {
    /** Header names of the binary content mode. */
    public static final String HEADER_ID = "ce_id";

    /** The event's type. */
    public static final String HEADER_TYPE = "ce_type";

    /** The event's source. */
    public static final String HEADER_SOURCE = "ce_source";

    /** The event's time, RFC 3339. */
    public static final String HEADER_TIME = "ce_time";

    /** The event's subject. */
    public static final String HEADER_SUBJECT = "ce_subject";

    /** The version of CloudEvents, {@value #SPEC_VERSION}. */
    public static final String HEADER_SPEC_VERSION = "ce_specversion";

    /** The media type of the value, {@value #JSON}. */
    public static final String HEADER_CONTENT_TYPE = "content-type";

    /**
     * On a record that says what an earlier one said already, under another key or again: copies take it, and nothing is
     * delivered for it. Its value is of no meaning.
     */
    public static final String HEADER_REPEATED = "tailrace_repeated";

    /** The version of CloudEvents that this is. */
    public static final String SPEC_VERSION = "1.0";

    /** The media type of {@link #data()}. */
    public static final String JSON = "application/json";

    /**
     * A record header.
     *
     * @param name its name
     * @param value its value, UTF-8
     */
    public record Header(String name, byte[] value) {}

    /** The headers of the record that carries this event. */
    public List<Header> headers() {
        List<Header> headers = new ArrayList<>(7);
        headers.add(header(HEADER_SPEC_VERSION, SPEC_VERSION));
        headers.add(header(HEADER_ID, id));
        headers.add(header(HEADER_TYPE, type));
        headers.add(header(HEADER_SOURCE, source));
        headers.add(header(HEADER_TIME, time.toString()));
        if (subject != null) {
            headers.add(header(HEADER_SUBJECT, subject));
        }
        headers.add(header(HEADER_CONTENT_TYPE, JSON));
        return headers;
    }

    private static Header header(String name, String value) {
        return new Header(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
