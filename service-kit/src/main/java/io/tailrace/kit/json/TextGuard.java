package io.tailrace.kit.json;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Refuses strings and names with a NUL or half of a surrogate pair, and numbers whose exponent no decimal can have, wherever in
 * the document they are.
 */
final class TextGuard extends JsonParserDelegate {
    /** A {@link java.math.BigDecimal} has an exponent of 32 bits, and digits before and behind the point move it. */
    private static final int MAX_EXPONENT_DIGITS = 9;

    TextGuard(JsonParser parser) {
        super(parser);
    }

    @Override
    public @Nullable JsonToken nextToken() throws IOException {
        JsonToken token = delegate.nextToken();
        if (token == JsonToken.VALUE_STRING) {
            check(delegate.getTextCharacters(), delegate.getTextOffset(), delegate.getTextLength());
        } else if (token == JsonToken.FIELD_NAME) {
            String name = delegate.currentName();
            check(name.toCharArray(), 0, name.length());
        } else if (token == JsonToken.VALUE_NUMBER_FLOAT) {
            checkExponent(delegate.getText());
        }
        return token;
    }

    @Override
    public @Nullable JsonToken nextValue() throws IOException {
        JsonToken token = nextToken();
        return token == JsonToken.FIELD_NAME ? nextToken() : token;
    }

    @Override
    public JsonParser skipChildren() throws IOException {
        JsonToken token = currentToken();
        if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
            int open = 1;
            while (open > 0) {
                JsonToken next = nextToken();
                if (next == null) {
                    break;
                }
                open += next.isStructStart() ? 1 : next.isStructEnd() ? -1 : 0;
            }
        }
        return this;
    }

    private void check(char[] text, int offset, int length) throws JsonParseException {
        for (int i = offset; i < offset + length; i++) {
            char c = text[i];
            if (c == 0) {
                throw fault("a string with a NUL character (\\u0000)");
            }
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < offset + length
                        && Character.isLowSurrogate(text[i + 1]);
                if (!pair) {
                    throw fault("a string with half of a surrogate pair");
                }
                i++;
            }
        }
    }

    private void checkExponent(String number) throws JsonParseException {
        int e = Math.max(number.indexOf('e'), number.indexOf('E'));
        int first = e + 1;
        while (e >= 0 && first < number.length() && "+-0".indexOf(number.charAt(first)) >= 0) {
            first++;
        }
        if (e >= 0 && number.length() - first > MAX_EXPONENT_DIGITS) {
            throw fault("a number with an exponent of more than " + MAX_EXPONENT_DIGITS + " digits");
        }
    }

    private JsonParseException fault(String message) {
        return new JsonParseException(this, message, delegate.currentTokenLocation());
    }
}
