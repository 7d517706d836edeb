package io.tailrace.ingest.upload;

import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The header fields of tus 1.0.0. Pure. */
final class TusHeaders {
    static final String RESUMABLE = "Tus-Resumable";
    static final String VERSION = "1.0.0";
    static final String VERSIONS = "Tus-Version";
    static final String EXTENSIONS = "Tus-Extension";
    static final String SUPPORTED = "creation,creation-with-upload,termination,checksum,expiration";
    static final String MAX_SIZE = "Tus-Max-Size";
    static final String CHECKSUM_ALGORITHMS = "Tus-Checksum-Algorithm";
    static final String ALGORITHMS = "sha1,sha256,md5";
    static final String LENGTH = "Upload-Length";
    static final String DEFER_LENGTH = "Upload-Defer-Length";
    static final String OFFSET = "Upload-Offset";
    static final String METADATA = "Upload-Metadata";
    static final String CHECKSUM = "Upload-Checksum";
    static final String METHOD = "X-HTTP-Method-Override";
    static final String EXPIRES = "Upload-Expires";
    static final String CONTENT = "application/offset+octet-stream";

    private static final Map<String, String> DIGESTS = Map.of("sha1", "SHA-1", "sha256", "SHA-256", "md5", "MD5");
    private static final Set<String> READ = Set.of("filename", "name", "filetype", "type");
    private static final int MAX_DIGITS = 18;
    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private TusHeaders() {}

    /**
     * The checksum that a body is to have.
     *
     * @param algorithm as the JDK names it
     * @param digest the bytes of it
     */
    record Checksum(String algorithm, byte[] digest) {
        boolean isOf(byte[] computed) {
            return Arrays.equals(digest, computed);
        }
    }

    /**
     * Refuses other versions of the protocol.
     *
     * @throws ProblemException 412 with the version that there is
     */
    static void requireVersion(@Nullable String version) {
        if (!VERSION.equals(version)) {
            throw new ProblemException(
                            ProblemType.PRECONDITION_FAILED, RESUMABLE + ": " + version + ", expected " + VERSION)
                    .with(VERSIONS, VERSION);
        }
    }

    /**
     * A number of bytes.
     *
     * @throws ProblemException 400 if the field is missing or no such number
     */
    static long bytes(String field, @Nullable String value) {
        boolean isNumber = value != null
                && !value.isEmpty()
                && value.length() <= MAX_DIGITS
                && value.chars().allMatch(c -> c >= '0' && c <= '9');
        if (value == null || !isNumber) {
            throw ProblemException.invalid(
                    field, (value == null ? "missing" : "not a number") + ", expected a number of bytes");
        }
        return Long.parseLong(value);
    }

    /**
     * What the client says of the file: names, each with a value in Base64, which may be bytes of any kind where this server does not read it.
     *
     * @return the values of what is read as text, and the others as they are
     * @throws ProblemException 400 if it is not of that form
     */
    static Map<String, String> metadata(@Nullable String value) {
        Map<String, String> metadata = new HashMap<>();
        if (value == null || value.isBlank()) {
            return metadata;
        }
        for (String pair : value.split(",", -1)) {
            String[] parts = pair.strip().split(" ", -1);
            if (parts.length > 2 || parts[0].isEmpty() || metadata.containsKey(parts[0])) {
                throw ProblemException.invalid(
                        METADATA, "expected pairs of a name and a value in Base64, each name once");
            }
            metadata.put(parts[0], parts.length == 1 ? "" : READ.contains(parts[0]) ? text(parts[1]) : parts[1]);
        }
        return metadata;
    }

    private static String text(String base64) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getDecoder().decode(base64)))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw ProblemException.invalid(METADATA, "a value that is not Base64 of UTF-8");
        }
    }

    /**
     * The checksum of a body.
     *
     * @return null if there is none
     * @throws ProblemException 400 if the algorithm is not supported or the value not of its length
     */
    static @Nullable Checksum checksum(@Nullable String value) {
        if (value == null) {
            return null;
        }
        String[] parts = value.strip().split(" ", -1);
        String algorithm = DIGESTS.get(parts[0]);
        if (parts.length != 2 || algorithm == null) {
            throw ProblemException.invalid(CHECKSUM, "expected one of " + ALGORITHMS + " and a digest in Base64");
        }
        byte[] digest = decoded(parts[1]);
        if (digest.length != Digests.of(algorithm).getDigestLength()) {
            throw ProblemException.invalid(
                    CHECKSUM, "a digest of " + digest.length + " bytes, which " + parts[0] + " does not have");
        }
        return new Checksum(algorithm, digest);
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid(CHECKSUM, "a digest that is not Base64");
        }
    }

    /** A moment as HTTP has it. */
    static String date(Instant time) {
        return IMF_FIXDATE.format(time);
    }
}
