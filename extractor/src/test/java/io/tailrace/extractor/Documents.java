package io.tailrace.extractor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.poi.hslf.usermodel.HSLFSlideShow;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.apache.poi.poifs.crypt.Encryptor;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.apache.poi.sl.usermodel.SlideShow;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.ss.usermodel.Sheet;
import org.apache.poi.ss.usermodel.Workbook;
import org.apache.poi.xslf.usermodel.XMLSlideShow;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFTable;

/** Small documents of each format, made by the libraries that read them, or by hand. */
final class Documents {
    static final String DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    static final String XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    static final String PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
    static final String XLS = "application/vnd.ms-excel";
    static final String PPT = "application/vnd.ms-powerpoint";
    static final String ODT = "application/vnd.oasis.opendocument.text";
    static final String ODS = "application/vnd.oasis.opendocument.spreadsheet";
    static final String ODP = "application/vnd.oasis.opendocument.presentation";
    static final String PDF = "application/pdf";

    private static final String ODF_NAMES = " xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\""
            + " xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\""
            + " xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\""
            + " xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\"";

    private Documents() {}

    /** Something that writes itself. */
    private interface Written {
        void write(OutputStream out) throws IOException;
    }

    private static byte[] bytes(Written written) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        written.write(out);
        return out.toByteArray();
    }

    static byte[] pdf(String... pages) throws IOException {
        try (PDDocument document = pdfOf(pages)) {
            return bytes(document::save);
        }
    }

    static byte[] encryptedPdf(String page) throws IOException {
        try (PDDocument document = pdfOf(page)) {
            document.protect(new StandardProtectionPolicy("owner", "secret", new AccessPermission()));
            return bytes(document::save);
        }
    }

    private static PDDocument pdfOf(String... pages) throws IOException {
        PDDocument document = new PDDocument();
        for (String text : pages) {
            PDPage page = new PDPage();
            document.addPage(page);
            if (!text.isEmpty()) {
                try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                    content.beginText();
                    content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
                    content.newLineAtOffset(72, 700);
                    content.showText(text);
                    content.endText();
                }
            }
        }
        return document;
    }

    static byte[] docx(String paragraph, List<List<String>> rows) throws IOException {
        try (XWPFDocument document = new XWPFDocument()) {
            document.createParagraph().createRun().setText(paragraph);
            XWPFTable table = document.createTable(rows.size(), rows.getFirst().size());
            for (int r = 0; r < rows.size(); r++) {
                for (int c = 0; c < rows.get(r).size(); c++) {
                    table.getRow(r).getCell(c).setText(rows.get(r).get(c));
                }
            }
            return bytes(document::write);
        }
    }

    static byte[] xlsx(Map<String, List<List<String>>> sheets) throws IOException {
        try (Workbook workbook = new XSSFWorkbook()) {
            return bytes(filled(workbook, sheets)::write);
        }
    }

    static byte[] xls(Map<String, List<List<String>>> sheets) throws IOException {
        try (Workbook workbook = new HSSFWorkbook()) {
            return bytes(filled(workbook, sheets)::write);
        }
    }

    private static Workbook filled(Workbook workbook, Map<String, List<List<String>>> sheets) {
        sheets.forEach((name, rows) -> {
            Sheet sheet = workbook.createSheet(name);
            for (int r = 0; r < rows.size(); r++) {
                Row row = sheet.createRow(r);
                for (int c = 0; c < rows.get(r).size(); c++) {
                    row.createCell(c).setCellValue(rows.get(r).get(c));
                }
            }
        });
        return workbook;
    }

    static byte[] pptx(String... slides) throws IOException {
        try (XMLSlideShow show = new XMLSlideShow()) {
            return bytes(filled(show, slides)::write);
        }
    }

    static byte[] ppt(String... slides) throws IOException {
        try (HSLFSlideShow show = new HSLFSlideShow()) {
            return bytes(filled(show, slides)::write);
        }
    }

    private static SlideShow<?, ?> filled(SlideShow<?, ?> show, String... slides) throws IOException {
        for (String text : slides) {
            show.createSlide().createTextBox().setText(text);
        }
        return show;
    }

    /** An office document with a password: an OLE file with the document in it, encrypted. */
    static byte[] encryptedOffice(byte[] document) throws Exception {
        try (POIFSFileSystem files = new POIFSFileSystem()) {
            Encryptor encryptor = new EncryptionInfo(EncryptionMode.standard).getEncryptor();
            encryptor.confirmPassword("secret");
            try (OutputStream out = encryptor.getDataStream(files)) {
                out.write(document);
            }
            return bytes(files::writeFilesystem);
        }
    }

    static byte[] odt(String body) throws IOException {
        return odf(ODT, "<office:text>" + body + "</office:text>", "");
    }

    static byte[] ods(String body) throws IOException {
        return odf(ODS, "<office:spreadsheet>" + body + "</office:spreadsheet>", "");
    }

    static byte[] odp(String body) throws IOException {
        return odf(ODP, "<office:presentation>" + body + "</office:presentation>", "");
    }

    /** What says that a part of it has a password. */
    static byte[] encryptedOdt() throws IOException {
        return odf(ODT, "<office:text/>", "<manifest:encryption-data manifest:checksum-type=\"SHA256\"/>");
    }

    private static byte[] odf(String type, String body, String manifest) throws IOException {
        return zip(
                "mimetype", type.getBytes(StandardCharsets.US_ASCII),
                "content.xml",
                        ("<?xml version=\"1.0\"?><office:document-content" + ODF_NAMES
                                        + " office:version=\"1.2\"><office:body>" + body
                                        + "</office:body></office:document-content>")
                                .getBytes(StandardCharsets.UTF_8),
                "META-INF/manifest.xml",
                        ("<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\">"
                                        + manifest + "</manifest:manifest>")
                                .getBytes(StandardCharsets.UTF_8));
    }

    /** An archive of parts: a name and its content, and so on. */
    static byte[] zip(Object... parts) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
            for (int i = 0; i < parts.length; i += 2) {
                zip.putNextEntry(new ZipEntry((String) parts[i]));
                zip.write((byte[]) parts[i + 1]);
            }
        }
        return out.toByteArray();
    }

    static byte[] text(String text, Charset charset) {
        return text.getBytes(charset);
    }
}
