package io.tailrace.kit.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;

/**
 * JSON as Tailrace writes it everywhere: snake_case names, RFC 3339 times, one line, UTF-8. Thread-safe.
 *
 * <p>The mapper of this class is for what Tailrace itself wrote to the log: it ignores properties that it does not know,
 * so that an older service can read a newer event.
 */
public final class Json {
    /**
     * Decimal numbers in trees keep their digits: a reading through {@code double} would turn {@code 1e400} into
     * infinity, which JSON cannot say. Characters beyond the first plane are written as themselves: as two escapes they
     * take three times the space in the log and on every connection.
     */
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .addModule(new JavaTimeModule())
            .addModule(new Jdk8Module())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Json() {}

    /** The mapper for payloads of the log. Shared: do not configure it. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /** A value as JSON on one line, ready to be an event's data. */
    public static byte[] oneLine(JsonNode value) {
        return write(value);
    }

    /**
     * A payload as JSON on one line, ready to be an event's data.
     *
     * @throws IllegalArgumentException if its type cannot be written as JSON
     */
    public static byte[] write(Object payload) {
        try {
            return MAPPER.writeValueAsBytes(payload);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    payload.getClass().getSimpleName() + " as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Reads an event's data.
     *
     * @throws IOException if it is not JSON, or not a {@code type}
     */
    public static <T> T read(byte[] data, Class<T> type) throws IOException {
        return MAPPER.readValue(data, type);
    }
}
