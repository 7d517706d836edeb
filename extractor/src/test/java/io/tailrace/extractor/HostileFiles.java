package io.tailrace.extractor;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Files that are made to do harm, by a seed. */
final class HostileFiles {
    private static final int KINDS = 14;
    private static final byte[] TYPES =
            ("<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default"
                + " Extension=\"rels\""
                + " ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override"
                + " PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument"
                + ".wordprocessingml.document.main+xml\"/></Types>")
                    .getBytes(StandardCharsets.UTF_8);
    private static final byte[] RELATIONS =
            ("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship"
                + " Id=\"r1\""
                + " Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\""
                + " Target=\"word/document.xml\"/></Relationships>")
                    .getBytes(StandardCharsets.UTF_8);
    private static final String LAUGHS = "<!DOCTYPE d [<!ENTITY a \"ha\">" + laughs() + "]>";

    private HostileFiles() {}

    /**
     * A file.
     *
     * @param what what is wrong with it
     * @param type what it was taken for
     */
    record Hostile(String what, String type, byte[] content) {}

    static Hostile of(int number) throws Exception {
        Random random = new Random(number);
        return switch (number % KINDS) {
            case 0 -> new Hostile("bomb in a part", Documents.DOCX, docx(zeros(32 + random.nextInt(64))));
            case 1 -> new Hostile("entities in Word", Documents.DOCX, docx(utf8(LAUGHS + "<w>&z;</w>")));
            case 2 ->
                new Hostile(
                        "entities in OpenDocument",
                        Documents.ODT,
                        Documents.zip("mimetype", utf8(Documents.ODT), "content.xml", utf8(LAUGHS + "<d>&z;</d>")));
            case 3 -> new Hostile("archives in archives", Documents.XLSX, nested(20 + random.nextInt(50)));
            case 4 -> new Hostile("cut PDF", Documents.PDF, cut(Documents.pdf("one", "two", "three"), random));
            case 5 -> new Hostile("PDF with a password", Documents.PDF, Documents.encryptedPdf("secret"));
            case 6 -> new Hostile("PDF and archive at once", Documents.PDF, joined(Documents.pdf("a"), nested(3)));
            case 7 -> new Hostile("names of parts", Documents.DOCX, names(random));
            case 8 -> new Hostile("flipped Word", Documents.DOCX, flipped(Documents.docx("words", rows()), random));
            case 9 -> new Hostile("flipped Excel", Documents.XLS, flipped(Documents.xls(sheet()), random));
            case 10 -> new Hostile("flipped PowerPoint", Documents.PPT, flipped(Documents.ppt("one", "two"), random));
            case 11 -> new Hostile("flipped PDF", Documents.PDF, flipped(Documents.pdf("one", "two"), random));
            case 12 ->
                new Hostile("deep HTML", "text/html", utf8("<div>".repeat(20_000 + random.nextInt(50_000)) + "deep"));
            default -> new Hostile("noise", type(random), noise(random));
        };
    }

    private static String laughs() {
        StringBuilder entities = new StringBuilder();
        for (char c = 'b'; c <= 'z'; c++) {
            String before = "&" + (char) (c - 1) + ";";
            entities.append("<!ENTITY ")
                    .append(c)
                    .append(" \"")
                    .append(before.repeat(10))
                    .append("\">");
        }
        return entities.toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<List<String>> rows() {
        return List.of(List.of("a", "b"), List.of("c", "d"));
    }

    private static Map<String, List<List<String>>> sheet() {
        return Map.of("Sheet", rows());
    }

    private static byte[] zeros(int megabytes) {
        byte[] zeros = new byte[megabytes << 20];
        Arrays.fill(zeros, (byte) ' ');
        return zeros;
    }

    private static byte[] docx(byte[] document) throws Exception {
        return Documents.zip("[Content_Types].xml", TYPES, "_rels/.rels", RELATIONS, "word/document.xml", document);
    }

    private static byte[] nested(int depth) throws Exception {
        byte[] inner = utf8("in the middle");
        for (int i = 0; i < depth; i++) {
            inner = Documents.zip("[Content_Types].xml", TYPES, "_rels/.rels", RELATIONS, "inner.zip", inner);
        }
        return inner;
    }

    private static byte[] names(Random random) throws Exception {
        String[] names = {
            "../../../../tmp/tailrace-escaped",
            "/etc/tailrace-escaped",
            "word/\u202efdp.exe",
            "a\u0000b",
            "n".repeat(10_000),
            "..\\..\\escaped"
        };
        return Documents.zip(
                "[Content_Types].xml",
                TYPES,
                "_rels/.rels",
                RELATIONS,
                names[random.nextInt(names.length)],
                utf8("x"),
                "word/document.xml",
                utf8("<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"/>"));
    }

    private static byte[] cut(byte[] content, Random random) {
        return Arrays.copyOf(content, 5 + random.nextInt(content.length - 5));
    }

    private static byte[] flipped(byte[] content, Random random) {
        for (int i = 0; i < 1 + random.nextInt(40); i++) {
            content[8 + random.nextInt(content.length - 8)] = (byte) random.nextInt(256);
        }
        return content;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(first);
        out.writeBytes(second);
        return out.toByteArray();
    }

    private static String type(Random random) {
        List<String> types = List.of("text/csv", "text/plain", "text/html", Documents.PDF, "application/rtf");
        return types.get(random.nextInt(types.size()));
    }

    private static byte[] noise(Random random) {
        byte[] noise = new byte[1 + random.nextInt(20_000)];
        random.nextBytes(noise);
        return noise;
    }
}
