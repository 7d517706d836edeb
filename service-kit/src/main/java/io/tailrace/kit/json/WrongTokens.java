package io.tailrace.kit.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Keeps the value that was found in place of another kind of value: Jackson's own message names only the kind. */
final class WrongTokens extends DeserializationProblemHandler {
    @Override
    public Object handleUnexpectedToken(
            DeserializationContext context,
            JavaType targetType,
            @Nullable JsonToken token,
            JsonParser parser,
            @Nullable String failureMessage)
            throws IOException {
        throw InvalidFormatException.from(parser, "unexpected token", found(token, parser), targetType.getRawClass());
    }

    /** A scalar where an object is wanted. */
    @Override
    public Object handleMissingInstantiator(
            DeserializationContext context,
            Class<?> type,
            ValueInstantiator instantiator,
            JsonParser parser,
            String message)
            throws IOException {
        throw InvalidFormatException.from(parser, message, found(parser.currentToken(), parser), type);
    }

    private static Object found(@Nullable JsonToken token, JsonParser parser) throws IOException {
        return token == null
                ? "nothing"
                : switch (token) {
                    case START_OBJECT, END_OBJECT, FIELD_NAME -> Found.OBJECT;
                    case START_ARRAY, END_ARRAY -> Found.ARRAY;
                    case VALUE_NULL -> Found.NULL;
                    case VALUE_TRUE -> true;
                    case VALUE_FALSE -> false;
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
                    case VALUE_STRING -> parser.getText();
                    case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> "nothing";
                };
    }

    /** What was found where it has no short form. */
    enum Found {
        OBJECT("an object"),
        ARRAY("an array"),
        NULL("null");

        private final String words;

        Found(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }
}
