package io.tailrace.extractor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What a file is read as. Its own beginning decides, and what the caller says only where there is no sign in it. */
enum FileKind {
    PDF,
    /** Word, Excel and PowerPoint since 2007. */
    OOXML,
    /** Word, Excel and PowerPoint until 2003, and whatever of later ones has a password. */
    OLE,
    OPEN_DOCUMENT,
    RTF,
    HTML,
    CSV,
    TEXT;

    private static final int HEAD = 1024;
    private static final byte[] OLE_SIGN = {
        (byte) 0xd0, (byte) 0xcf, 0x11, (byte) 0xe0, (byte) 0xa1, (byte) 0xb1, 0x1a, (byte) 0xe1
    };

    /**
     * The kind of a file.
     *
     * @param type the media type that was detected by the file's beginning and name
     * @throws UnreadableFile if nothing here reads it, or it is an archive that is none or a bomb
     */
    static FileKind of(Path file, String type, Limits limits) throws IOException, UnreadableFile {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(HEAD);
        }
        String text = new String(head, StandardCharsets.ISO_8859_1);
        if (Arrays.equals(OLE_SIGN, Arrays.copyOf(head, OLE_SIGN.length))) {
            return OLE;
        }
        if (text.startsWith("PK\u0003\u0004")) {
            return ArchiveCheck.kind(file, limits);
        }
        if (text.startsWith("{\\rtf")) {
            return RTF;
        }
        return switch (type) {
            case "application/pdf" -> PDF;
            case "text/html", "application/xhtml+xml" -> HTML;
            case "text/csv" -> CSV;
            case "text/plain", "text/x-web-markdown", "application/json" -> TEXT;
            default -> {
                if (text.startsWith("%PDF-")) {
                    yield PDF;
                }
                throw new UnreadableFile(isReadable(type) ? Reason.DAMAGED : Reason.UNSUPPORTED, null);
            }
        };
    }

    /** Whether it should have had a sign at its beginning. */
    private static boolean isReadable(String type) {
        return type.startsWith("application/vnd.")
                || type.equals("application/msword")
                || type.equals("application/rtf");
    }
}
