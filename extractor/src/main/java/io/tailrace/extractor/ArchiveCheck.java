package io.tailrace.extractor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Looks into the archive that an office document is, before a parser does. Every part is inflated once, to nowhere: what an archive says about
 * its sizes is not believed.
 */
final class ArchiveCheck {
    private static final int MAX_PARTS = 20_000;
    /** Office documents have parts that shrink to a hundredth; bombs have a thousandth. */
    private static final int MAX_RATIO = 200;
    /** Below this many bytes a ratio says nothing. */
    private static final long SMALL = 16L << 20;

    private static final int MIMETYPE_MAX = 200;

    private ArchiveCheck() {}

    /**
     * The kind of document that an archive is.
     *
     * @throws UnreadableFile if it is damaged, a bomb, or another archive
     */
    static FileKind kind(Path file, Limits limits) throws IOException, UnreadableFile {
        try (ZipFile zip = new ZipFile(file.toFile(), StandardCharsets.UTF_8)) {
            FileKind kind = kind(zip);
            inflate(zip, Files.size(file), limits);
            return kind;
        } catch (ZipException | IllegalArgumentException | java.io.EOFException e) {
            throw new UnreadableFile(Reason.DAMAGED, e);
        }
    }

    private static FileKind kind(ZipFile zip) throws IOException, UnreadableFile {
        if (zip.getEntry("[Content_Types].xml") != null) {
            return FileKind.OOXML;
        }
        ZipEntry mimetype = zip.getEntry("mimetype");
        if (mimetype != null) {
            try (InputStream in = zip.getInputStream(mimetype)) {
                String type = new String(in.readNBytes(MIMETYPE_MAX), StandardCharsets.ISO_8859_1);
                if (type.startsWith("application/vnd.oasis.opendocument.")) {
                    requireReadable(zip);
                    return FileKind.OPEN_DOCUMENT;
                }
            }
        }
        throw new UnreadableFile(Reason.UNSUPPORTED, null);
    }

    /** An OpenDocument file with a password says so for each part in its manifest. */
    private static void requireReadable(ZipFile zip) throws IOException, UnreadableFile {
        ZipEntry manifest = zip.getEntry("META-INF/manifest.xml");
        if (manifest == null) {
            return;
        }
        try (InputStream in = zip.getInputStream(manifest)) {
            if (new String(in.readNBytes(1 << 20), StandardCharsets.ISO_8859_1).contains("encryption-data")) {
                throw new UnreadableFile(Reason.ENCRYPTED, null);
            }
        }
    }

    private static void inflate(ZipFile zip, long size, Limits limits) throws IOException, UnreadableFile {
        byte[] buffer = new byte[1 << 16];
        long inflated = 0;
        int parts = 0;
        for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
            if (++parts > MAX_PARTS) {
                throw new UnreadableFile(Reason.TOO_LARGE, null);
            }
            try (InputStream in = zip.getInputStream(entries.nextElement())) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    inflated += read;
                    if (inflated > limits.maxInflatedBytes()
                            || inflated > SMALL && inflated / Math.max(1, size) > MAX_RATIO) {
                        throw new UnreadableFile(Reason.TOO_LARGE, null);
                    }
                }
            }
        }
    }
}
