package io.tailrace.kit.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Scalars of which Jackson takes more forms than the contract knows. */
final class StrictScalars {
    private StrictScalars() {}

    static SimpleModule module() {
        return new SimpleModule("tailrace-strict-scalars")
                .addDeserializer(Instant.class, new Rfc3339())
                .addDeserializer(UUID.class, new CanonicalUuid())
                .addDeserializer(Double.class, new FiniteDouble())
                .addDeserializer(double.class, new FiniteDouble())
                .addDeserializer(Integer.class, new Whole<>(Integer.class, BigInteger::intValueExact))
                .addDeserializer(int.class, new Whole<>(Integer.class, BigInteger::intValueExact))
                .addDeserializer(Long.class, new Whole<>(Long.class, BigInteger::longValueExact))
                .addDeserializer(long.class, new Whole<>(Long.class, BigInteger::longValueExact))
                .addDeserializer(Boolean.class, new TrueOrFalse())
                .addDeserializer(boolean.class, new TrueOrFalse());
    }

    /** RFC 3339 text; Jackson alone would take a number of seconds too. */
    private static final class Rfc3339 extends StdScalarDeserializer<Instant> {
        private static final long serialVersionUID = 1;

        Rfc3339() {
            super(Instant.class);
        }

        @Override
        public @Nullable Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                return (Instant) context.handleUnexpectedToken(Instant.class, parser);
            }
            String text = parser.getText();
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException e) {
                return (Instant) context.handleWeirdStringValue(Instant.class, text, "not an RFC 3339 time");
            }
        }
    }

    /** The 36 characters of RFC 9562, section 4; Jackson alone would take Base64 too. */
    private static final class CanonicalUuid extends StdScalarDeserializer<UUID> {
        private static final long serialVersionUID = 1;
        private static final Pattern FORM =
                Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

        CanonicalUuid() {
            super(UUID.class);
        }

        @Override
        public @Nullable UUID deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                return (UUID) context.handleUnexpectedToken(UUID.class, parser);
            }
            String text = parser.getText();
            return FORM.matcher(text).matches()
                    ? UUID.fromString(text)
                    : (UUID) context.handleWeirdStringValue(UUID.class, text, "not a UUID");
        }
    }

    /** A JSON number that fits; Jackson alone would take "NaN" in quotes, and 1e400 as infinity. */
    private static final class FiniteDouble extends StdScalarDeserializer<Double> {
        private static final long serialVersionUID = 1;

        FiniteDouble() {
            super(Double.class);
        }

        @Override
        public @Nullable Double deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            JsonToken token = parser.currentToken();
            if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
                return (Double) context.handleUnexpectedToken(Double.class, parser);
            }
            double value = parser.getDoubleValue();
            return Double.isFinite(value)
                    ? Double.valueOf(value)
                    : (Double) context.handleWeirdStringValue(Double.class, parser.getText(), "out of range");
        }
    }

    /** A JSON number without a fraction that fits; Jackson alone would not name the value that does not. */
    private static final class Whole<T extends Number> extends StdScalarDeserializer<T> {
        private static final long serialVersionUID = 1;
        private final Class<T> type;
        private final transient Function<BigInteger, T> exact;

        Whole(Class<T> type, Function<BigInteger, T> exact) {
            super(type);
            this.type = type;
            this.exact = exact;
        }

        @Override
        public @Nullable T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (!parser.hasToken(JsonToken.VALUE_NUMBER_INT)) {
                return type.cast(context.handleUnexpectedToken(type, parser));
            }
            BigInteger value = parser.getBigIntegerValue();
            try {
                return exact.apply(value);
            } catch (ArithmeticException e) {
                return type.cast(context.handleWeirdNumberValue(type, value, "out of range"));
            }
        }
    }

    /** A JSON boolean. */
    private static final class TrueOrFalse extends StdScalarDeserializer<Boolean> {
        private static final long serialVersionUID = 1;

        TrueOrFalse() {
            super(Boolean.class);
        }

        @Override
        public @Nullable Boolean deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return parser.hasToken(JsonToken.VALUE_TRUE) || parser.hasToken(JsonToken.VALUE_FALSE)
                    ? Boolean.valueOf(parser.getBooleanValue())
                    : (Boolean) context.handleUnexpectedToken(Boolean.class, parser);
        }
    }
}
