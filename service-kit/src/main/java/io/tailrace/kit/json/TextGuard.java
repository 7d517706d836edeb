package io.tailrace.kit.json;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Refuses strings and names with a NUL or half of a surrogate pair, wherever in the document they are. */
final class TextGuard extends JsonParserDelegate {
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

    private JsonParseException fault(String message) {
        return new JsonParseException(this, message, delegate.currentTokenLocation());
    }
}
