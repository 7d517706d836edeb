package io.tailrace.extractor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.poi.openxml4j.util.ZipSecureFile;
import org.apache.tika.detect.CompositeEncodingDetector;
import org.apache.tika.detect.EncodingDetector;
import org.apache.tika.exception.EncryptedDocumentException;
import org.apache.tika.exception.TikaException;
import org.apache.tika.exception.ZeroByteFileException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.PagedText;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.parser.csv.TextAndCSVParser;
import org.apache.tika.parser.html.HtmlEncodingDetector;
import org.apache.tika.parser.html.JSoupParser;
import org.apache.tika.parser.microsoft.OfficeParser;
import org.apache.tika.parser.microsoft.OfficeParserConfig;
import org.apache.tika.parser.microsoft.ooxml.OOXMLParser;
import org.apache.tika.parser.microsoft.rtf.RTFParser;
import org.apache.tika.parser.odf.OpenDocumentParser;
import org.apache.tika.parser.pdf.PDFParser;
import org.apache.tika.parser.pdf.PDFParserConfig;
import org.apache.tika.parser.txt.Icu4jEncodingDetector;
import org.apache.tika.parser.txt.TXTParser;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/**
 * Reads a file's text by Tika's parsers. What is embedded in a file (attachments, pictures, other documents) is not opened, so there is no depth
 * that could be too deep. Not for several threads; it sets limits of libraries for the whole process.
 */
final class Extraction {
    /** A part of a document that grows more than this is a bomb for Apache POI. */
    private static final double MIN_INFLATE_RATIO = 0.001;

    private final Limits limits;

    Extraction(Limits limits) {
        this.limits = limits;
        ZipSecureFile.setMinInflateRatio(MIN_INFLATE_RATIO);
        ZipSecureFile.setMaxEntrySize(limits.maxInflatedBytes());
    }

    /**
     * Reads a file.
     *
     * @param type the media type that was detected by its beginning and name
     * @param pages is told each page
     * @throws UnreadableFile if it has no text for us; then what was told is to be forgotten
     * @throws IOException if the pages cannot be told
     */
    void read(Path file, String type, Pages pages) throws IOException, UnreadableFile {
        FileKind kind = FileKind.of(file, type, limits);
        Metadata metadata = new Metadata();
        if (kind == FileKind.CSV || kind == FileKind.TEXT || kind == FileKind.HTML) {
            metadata.set(Metadata.CONTENT_TYPE, type);
        }
        if (kind == FileKind.CSV) {
            metadata.set(
                    TikaCoreProperties.CONTENT_TYPE_USER_OVERRIDE,
                    "text/csv; delimiter=" + CsvDelimiter.of(file).name().toLowerCase(Locale.ROOT));
        }
        boolean isSheets = type.contains("excel") || type.contains("spreadsheet");
        PageText text =
                new PageText(pages, limits, pageClass(kind), isSheets, kind == FileKind.HTML, () -> expected(metadata));
        try {
            TikaInputStream in = TikaInputStream.get(file);
            try (in) {
                parser(kind).parse(in, text, metadata, context());
            }
        } catch (ZeroByteFileException e) {
            throw new UnreadableFile(Reason.NO_TEXT, e);
        } catch (TikaException | SAXException | IOException | RuntimeException | StackOverflowError | LinkageError e) {
            throw new UnreadableFile(reason(e, text), e);
        }
        if (!text.hasText()) {
            throw new UnreadableFile(Reason.NO_TEXT, null);
        }
    }

    private static int expected(Metadata metadata) {
        Integer pages = metadata.getInt(PagedText.N_PAGES);
        return pages == null ? 0 : pages;
    }

    /** The class that a parser of Tika gives to the elements that are pages. */
    private static String pageClass(FileKind kind) {
        return switch (kind) {
            case OLE -> "slide";
            case OOXML -> "slide-content";
            case PDF, OPEN_DOCUMENT, RTF, HTML, CSV, TEXT -> "page";
        };
    }

    private static Parser parser(FileKind kind) {
        return switch (kind) {
            case PDF -> new PDFParser();
            case OOXML -> new OOXMLParser();
            case OLE -> new OfficeParser();
            case OPEN_DOCUMENT -> new OpenDocumentParser();
            case RTF -> new RTFParser();
            case HTML -> new JSoupParser(encodings());
            case CSV -> new TextAndCSVParser(encodings());
            case TEXT -> new TXTParser(encodings());
        };
    }

    private static EncodingDetector encodings() {
        return new CompositeEncodingDetector(
                List.of(new HtmlEncodingDetector(), new Utf8Detector(), new Icu4jEncodingDetector()));
    }

    private static ParseContext context() {
        ParseContext context = new ParseContext();
        context.set(EmbeddedDocumentExtractor.class, new NothingEmbedded());
        PDFParserConfig pdf = new PDFParserConfig();
        pdf.setOcrStrategy(PDFParserConfig.OCR_STRATEGY.NO_OCR);
        pdf.setExtractInlineImages(false);
        pdf.setExtractBookmarksText(false);
        context.set(PDFParserConfig.class, pdf);
        OfficeParserConfig office = new OfficeParserConfig();
        office.setUseSAXDocxExtractor(true);
        office.setUseSAXPptxExtractor(true);
        office.setExtractMacros(false);
        office.setIncludeHeadersAndFooters(false);
        context.set(OfficeParserConfig.class, office);
        return context;
    }

    private static Reason reason(Throwable thrown, PageText text) {
        Reason own = text.reason();
        if (own != null) {
            return own;
        }
        int depth = 0;
        for (Throwable cause = thrown; cause != null && depth < 20; cause = cause.getCause(), depth++) {
            String name = cause.getClass().getSimpleName();
            String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (cause instanceof EncryptedDocumentException
                    || name.equals("EncryptedDocumentException")
                    || name.equals("InvalidPasswordException")) {
                return Reason.ENCRYPTED;
            }
            if (message.contains("zip bomb") || name.equals("RecordFormatException") && message.contains("allocate")) {
                return Reason.TOO_LARGE;
            }
        }
        return Reason.DAMAGED;
    }

    /** Says of everything in a file that it is not wanted. */
    private static final class NothingEmbedded implements EmbeddedDocumentExtractor {
        @Override
        public boolean shouldParseEmbedded(Metadata metadata) {
            return false;
        }

        @Override
        public void parseEmbedded(InputStream stream, ContentHandler handler, Metadata metadata, boolean outputHtml) {
            // It is not wanted.
        }
    }
}
