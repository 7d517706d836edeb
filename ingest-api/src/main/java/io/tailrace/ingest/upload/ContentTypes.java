package io.tailrace.ingest.upload;

import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MediaType;
import org.apache.tika.mime.MimeTypes;

/**
 * Which media type a content is of, by its first bytes. The name only tells apart what begins alike, for instance a document of Word from
 * another ZIP archive; it never makes a content what its bytes are not. Immutable.
 */
@Singleton
final class ContentTypes {
    /** How many bytes of a file are looked at, at most. */
    static final int HEAD_BYTES = 64 * 1024;

    private static final String ANY_SUBTYPE = "/*";

    private final List<String> allowed;

    ContentTypes(UploadSettings settings) {
        this.allowed = settings.types();
    }

    /**
     * The type of a content.
     *
     * @param head its first bytes
     * @param name the file's name
     */
    String detect(byte[] head, String name) {
        Metadata metadata = new Metadata();
        metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, name);
        try {
            MediaType type = MimeTypes.getDefaultMimeTypes().detect(new ByteArrayInputStream(head), metadata);
            return type.getBaseType().toString();
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    /** Whether contents of a type are taken. */
    boolean isAllowed(String type) {
        return allowed.stream()
                .anyMatch(each -> each.equals(type)
                        || each.endsWith(ANY_SUBTYPE) && type.startsWith(each.substring(0, each.length() - 1)));
    }
}
