package io.tailrace.extractor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.apache.tika.detect.EncodingDetector;
import org.apache.tika.metadata.Metadata;
import org.jspecify.annotations.Nullable;

/** Takes for UTF-8 what is UTF-8: hardly any text in another charset is by accident, and detectors that count letters need many. */
final class Utf8Detector implements EncodingDetector {
    private static final long serialVersionUID = 1L;

    private static final int LOOK = 1 << 16;
    private static final int LEAST_BETWEEN_NULS = 40;

    @Override
    public @Nullable Charset detect(@Nullable InputStream input, Metadata metadata) throws IOException {
        if (input == null) {
            return null;
        }
        input.mark(LOOK);
        byte[] head = input.readNBytes(LOOK);
        input.reset();
        // A sequence that is cut at the end is no fault.
        CoderResult result = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(head), CharBuffer.allocate(head.length + 1), false);
        int nuls = 0;
        for (byte b : head) {
            nuls += b == 0 ? 1 : 0;
        }
        // Every space of a text in UTF-16 has one.
        return result.isError() || nuls > head.length / LEAST_BETWEEN_NULS || head.length == 0
                ? null
                : StandardCharsets.UTF_8;
    }
}
