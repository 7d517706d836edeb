package io.tailrace.ingest.upload;

import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.fileupload.FileItemIterator;
import org.apache.commons.fileupload.FileItemStream;
import org.apache.commons.fileupload.FileUpload;
import org.apache.commons.fileupload.FileUploadException;
import org.apache.commons.fileupload.InvalidFileNameException;
import org.apache.commons.fileupload.UploadContext;
import org.jspecify.annotations.Nullable;

/** Reads the files of a multipart form (RFC 7578) one after the other, as they arrive. For one thread; blocks. */
final class MultipartFiles {
    private static final int MAX_PART_HEADER_BYTES = 32 * 1024;

    private MultipartFiles() {}

    /** Takes the files. */
    interface Taker {
        /**
         * Takes one file, and may leave some of it unread.
         *
         * @param name as the client has it; may be empty
         * @param type as the client has it; null if it said none
         * @throws IOException if it could not be read
         */
        void take(String name, @Nullable String type, InputStream content) throws IOException;
    }

    /** How a form ended. */
    enum End {
        /** With its last boundary. */
        WHOLE,
        /** Something else came where a part was to be. */
        MALFORMED,
        /** There were more parts than are read. */
        TOO_MANY_PARTS
    }

    /**
     * Reads a form.
     *
     * @param maxParts the most parts, fields without a file among them
     * @throws ProblemException 400 if it is no multipart form
     */
    static End read(String contentType, long length, InputStream body, int maxParts, Taker taker) {
        FileItemIterator parts = open(contentType, length, body);
        try {
            int count = 0;
            for (FileItemStream part = next(parts); part != null; part = next(parts)) {
                if (count++ == maxParts) {
                    drain(parts);
                    return End.TOO_MANY_PARTS;
                }
                if (!part.isFormField()) {
                    try (InputStream content = part.openStream()) {
                        taker.take(name(part), part.getContentType(), content);
                    }
                }
            }
            return End.WHOLE;
        } catch (IOException e) {
            return End.MALFORMED;
        }
    }

    private static @Nullable FileItemStream next(FileItemIterator parts) throws IOException {
        try {
            return parts.hasNext() ? parts.next() : null;
        } catch (FileUploadException | RuntimeException e) {
            // Of the library, which does not expect every header that there can be.
            throw new IOException("the form is malformed", e);
        }
    }

    /** Reads what is left, because many clients read no answer before they have sent all. */
    private static void drain(FileItemIterator parts) throws IOException {
        while (next(parts) != null) {
            continue;
        }
    }

    private static FileItemIterator open(String contentType, long length, InputStream body) {
        FileUpload forms = new FileUpload();
        forms.setHeaderEncoding(StandardCharsets.UTF_8.name());
        forms.setPartHeaderSizeMax(MAX_PART_HEADER_BYTES);
        try {
            return forms.getItemIterator(new Form(contentType, length, body));
        } catch (FileUploadException | IOException e) {
            throw malformed();
        }
    }

    private static ProblemException malformed() {
        return new ProblemException(
                ProblemType.BAD_REQUEST, "The body is no multipart form with the boundary of its Content-Type");
    }

    private static String name(FileItemStream part) {
        try {
            // What curl makes of a quotation mark; browsers write %22.
            return part.getName().replace("\\\"", "\"");
        } catch (InvalidFileNameException e) {
            // It has a NUL, which is taken out later.
            return e.getName();
        }
    }

    private record Form(String contentType, long contentLength, InputStream body) implements UploadContext {
        @Override
        public String getCharacterEncoding() {
            return StandardCharsets.UTF_8.name();
        }

        @Override
        public String getContentType() {
            return contentType;
        }

        @Override
        @Deprecated
        public int getContentLength() {
            return (int) Math.clamp(contentLength, -1, Integer.MAX_VALUE);
        }

        @Override
        public InputStream getInputStream() {
            return body;
        }
    }
}
