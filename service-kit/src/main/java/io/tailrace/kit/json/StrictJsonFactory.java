package io.tailrace.kit.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.ContentReference;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Makes parsers for what strangers send: UTF-8 and nothing else (RFC 8259, section 8.1), checked byte by byte because
 * Jackson lets overlong forms and UTF-16 pass; no field twice; no NUL and no half of a surrogate pair in a string, because
 * PostgreSQL refuses the one and UTF-8 the other. Thread-safe.
 */
final class StrictJsonFactory extends JsonFactory {
    private static final long serialVersionUID = 1;
    private static final int CHUNK_CHARS = 4096;

    StrictJsonFactory(InputLimits limits) {
        super(new JsonFactoryBuilder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.maxDepth())
                        .maxStringLength(limits.maxStringLength())
                        .maxNameLength(limits.maxNameLength())
                        .maxNumberLength(limits.maxNumberLength())
                        .build()));
    }

    private StrictJsonFactory(StrictJsonFactory original) {
        super(original, null);
    }

    @Override
    public JsonFactory copy() {
        return new StrictJsonFactory(this);
    }

    @Override
    public JsonParser createParser(byte[] data) throws IOException {
        return createParser(data, 0, data.length);
    }

    @Override
    public JsonParser createParser(byte[] data, int offset, int length) throws IOException {
        requireUtf8(data, offset, length);
        return new TextGuard(super.createParser(data, offset, length));
    }

    /** Reads the stream to its end: a request's body, whose size the server bounds. */
    @Override
    public JsonParser createParser(InputStream in) throws IOException {
        return createParser(in.readAllBytes());
    }

    @Override
    public JsonParser createParser(Reader reader) throws IOException {
        return new TextGuard(super.createParser(reader));
    }

    @Override
    public JsonParser createParser(String content) throws IOException {
        return new TextGuard(super.createParser(content));
    }

    @Override
    public JsonParser createParser(char[] content, int offset, int length) throws IOException {
        return new TextGuard(super.createParser(content, offset, length));
    }

    private static void requireUtf8(byte[] data, int offset, int length) throws JsonParseException {
        boolean ascii = true;
        for (int i = offset; i < offset + length; i++) {
            if (data[i] == 0) {
                throw fault(data, offset, i, "a NUL byte, expected JSON in UTF-8");
            }
            ascii &= data[i] > 0;
        }
        if (ascii) {
            return;
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(data, offset, length);
        CharBuffer out = CharBuffer.allocate(CHUNK_CHARS);
        CoderResult result = CoderResult.OVERFLOW;
        while (result.isOverflow()) {
            out.clear();
            result = decoder.decode(in, out, true);
        }
        if (result.isError()) {
            throw fault(data, offset, in.position(), "not UTF-8");
        }
    }

    private static JsonParseException fault(byte[] data, int offset, int at, String message) {
        int line = 1;
        int lineStart = offset;
        for (int i = offset; i < at; i++) {
            if (data[i] == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        JsonLocation location = new JsonLocation(ContentReference.unknown(), at - offset, -1, line, at - lineStart + 1);
        return new JsonParseException(null, message, location);
    }
}
