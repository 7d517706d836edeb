package io.tailrace.extractor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtractionTest {
    private static final Limits LIMITS = new Limits(100, 100_000, 64L << 20);
    private static final List<List<String>> ROWS = List.of(List.of("Name", "Seats"), List.of("Ada", "12"));

    private Path folder;

    @BeforeEach
    void start(@TempDir Path folder) {
        this.folder = folder;
    }

    private List<String> read(byte[] content, String type) throws Exception {
        return read(content, type, LIMITS);
    }

    private List<String> read(byte[] content, String type, Limits limits) throws Exception {
        Path file = Files.write(folder.resolve("file"), content);
        List<String> pages = new ArrayList<>();
        new Extraction(limits).read(file, type, (number, of, text) -> {
            pages.add(text);
            assertThat(number).isEqualTo(pages.size());
        });
        return pages;
    }

    private Reason reason(byte[] content, String type) {
        return reason(content, type, LIMITS);
    }

    private Reason reason(byte[] content, String type, Limits limits) {
        return catchThrowableOfType(UnreadableFile.class, () -> read(content, type, limits))
                .reason();
    }

    private static Map<String, List<List<String>>> sheets() {
        Map<String, List<List<String>>> sheets = new LinkedHashMap<>();
        sheets.put("People", ROWS);
        sheets.put("More", List.of(List.of("second sheet")));
        return sheets;
    }

    @Test
    void each_page_of_a_pdf_is_a_page_of_text_and_how_many_there_will_be_is_known() throws Exception {
        Path file = Files.write(folder.resolve("a.pdf"), Documents.pdf("first page", "", "the third"));
        List<String> told = new ArrayList<>();

        new Extraction(LIMITS)
                .read(file, Documents.PDF, (number, of, text) -> told.add(number + "/" + of + " " + text.strip()));

        assertThat(told).containsExactly("1/3 first page", "2/3 ", "3/3 the third");
    }

    @Test
    void a_word_document_has_its_paragraphs_and_its_tables_row_by_row() throws Exception {
        List<String> pages = read(Documents.docx("A paragraph.", ROWS), Documents.DOCX);

        assertThat(pages).hasSize(1);
        assertThat(pages.getFirst().lines()).containsSubsequence("A paragraph.", "Name\tSeats", "Ada\t12");
    }

    @Test
    void each_sheet_is_a_page_and_each_row_a_line() throws Exception {
        for (List<String> pages :
                List.of(read(Documents.xlsx(sheets()), Documents.XLSX), read(Documents.xls(sheets()), Documents.XLS))) {
            assertThat(pages).hasSize(2);
            assertThat(pages.getFirst().lines()).containsSubsequence("People", "Name\tSeats", "Ada\t12");
            assertThat(pages.getLast()).contains("second sheet");
        }
    }

    @Test
    void each_slide_is_a_page() throws Exception {
        for (List<String> pages : List.of(
                read(Documents.pptx("slide one", "slide two"), Documents.PPTX),
                read(Documents.ppt("slide one", "slide two"), Documents.PPT))) {
            assertThat(pages).hasSizeGreaterThanOrEqualTo(2);
            assertThat(pages.get(0)).contains("slide one").doesNotContain("slide two");
            assertThat(pages.get(1)).contains("slide two");
        }
    }

    @Test
    void open_documents_have_paragraphs_tables_and_slides() throws Exception {
        String table = "<table:table table:name=\"T\"><table:table-row><table:table-cell><text:p>Name</text:p>"
                + "</table:table-cell><table:table-cell><text:p>Seats</text:p></table:table-cell></table:table-row>"
                + "<table:table-row><table:table-cell><text:p>Ada</text:p></table:table-cell><table:table-cell>"
                + "<text:p>12</text:p></table:table-cell></table:table-row></table:table>";

        assertThat(read(Documents.odt("<text:p>A paragraph.</text:p>" + table), Documents.ODT)
                        .getFirst()
                        .lines())
                .containsSubsequence("A paragraph.", "Name\tSeats", "Ada\t12");
        assertThat(read(Documents.ods(table), Documents.ODS).getFirst().lines())
                .containsSubsequence("Name\tSeats", "Ada\t12");
        assertThat(String.join(
                        "\n",
                        read(
                                Documents.odp("<draw:page draw:name=\"p1\"><draw:frame><draw:text-box>"
                                        + "<text:p>on a slide</text:p></draw:text-box></draw:frame></draw:page>"),
                                Documents.ODP)))
                .contains("on a slide");
    }

    @Test
    void html_has_its_text_and_not_its_scripts() throws Exception {
        String html = "<html><head><title>t</title><script>var secret = 1;</script></head><body><h1>Head</h1>"
                + "<p>one\n   two</p><table><tr><td>a</td><td>b</td></tr></table></body></html>";

        List<String> pages = read(html.getBytes(StandardCharsets.UTF_8), "text/html");

        assertThat(pages.getFirst().lines()).containsSubsequence("Head", "one two", "a\tb");
        assertThat(pages.getFirst()).doesNotContain("secret");
    }

    @Test
    void a_csv_file_has_rows_and_columns() throws Exception {
        for (String csv :
                List.of("name,seats\n\"Lovelace, Ada\",12\nBob,3\n", "name;seats\n\"Lovelace, Ada\";12\nBob;3\n")) {
            List<String> pages = read(csv.getBytes(StandardCharsets.UTF_8), "text/csv");

            assertThat(pages.getFirst().lines()).containsExactly("name\tseats", "Lovelace, Ada\t12", "Bob\t3");
        }
    }

    @ParameterizedTest
    @CsvSource({"UTF-8", "windows-1251", "UTF-16LE", "KOI8-R"})
    void a_text_is_read_in_any_charset(String charset) throws Exception {
        String text =
                "Съешь же ещё этих мягких французских булок, да выпей чаю. Всё это написано по-русски.\n".repeat(4);
        String sent = charset.startsWith("UTF-16") ? "\ufeff" + text : text;

        assertThat(read(Documents.text(sent, Charset.forName(charset)), "text/plain")
                        .getFirst())
                .contains("французских булок");
    }

    @Test
    void rtf_json_and_markdown_are_texts() throws Exception {
        assertThat(read(
                                "{\\rtf1\\ansi A \\b bold\\b0  word.\\par}".getBytes(StandardCharsets.US_ASCII),
                                "application/rtf")
                        .getFirst())
                .contains("bold");
        assertThat(read("{\"a\": [1, \"two\"]}".getBytes(StandardCharsets.US_ASCII), "application/json")
                        .getFirst())
                .contains("\"two\"");
        assertThat(read("# Head\n\n- item\n".getBytes(StandardCharsets.US_ASCII), "text/x-web-markdown")
                        .getFirst())
                .contains("- item");
    }

    @Test
    void what_has_a_password_is_encrypted() throws Exception {
        assertThat(reason(Documents.encryptedPdf("secret"), Documents.PDF)).isEqualTo(Reason.ENCRYPTED);
        assertThat(reason(Documents.encryptedOffice(Documents.docx("x", ROWS)), Documents.DOCX))
                .isEqualTo(Reason.ENCRYPTED);
        assertThat(reason(Documents.encryptedOdt(), Documents.ODT)).isEqualTo(Reason.ENCRYPTED);
    }

    @Test
    void what_is_not_what_it_begins_as_is_damaged() throws Exception {
        byte[] docx = Documents.docx("A paragraph.", ROWS);

        assertThat(reason(Arrays.copyOf(docx, docx.length / 2), Documents.DOCX)).isEqualTo(Reason.DAMAGED);
        assertThat(reason("%PDF-1.7\nnothing more".getBytes(StandardCharsets.US_ASCII), Documents.PDF))
                .isEqualTo(Reason.DAMAGED);
        assertThat(reason(Arrays.copyOf(Documents.xls(sheets()), 700), Documents.XLS))
                .isEqualTo(Reason.DAMAGED);
        assertThat(reason("no archive".getBytes(StandardCharsets.US_ASCII), Documents.XLSX))
                .isEqualTo(Reason.DAMAGED);
    }

    @Test
    void a_file_without_letters_has_no_text() throws Exception {
        assertThat(reason(Documents.pdf("", ""), Documents.PDF)).isEqualTo(Reason.NO_TEXT);
        assertThat(reason(" \n\t \n".getBytes(StandardCharsets.US_ASCII), "text/plain"))
                .isEqualTo(Reason.NO_TEXT);
        assertThat(reason(new byte[0], "text/plain")).isEqualTo(Reason.NO_TEXT);
    }

    @Test
    void other_archives_and_types_are_unsupported() throws IOException {
        assertThat(reason(Documents.zip("a.txt", new byte[] {'a'}), "application/zip"))
                .isEqualTo(Reason.UNSUPPORTED);
        assertThat(reason("text".getBytes(StandardCharsets.US_ASCII), "image/png"))
                .isEqualTo(Reason.UNSUPPORTED);
    }

    @Test
    void too_many_pages_characters_and_inflated_bytes_are_too_large() throws Exception {
        byte[] pdf = Documents.pdf("one", "two", "three");

        assertThat(reason(pdf, Documents.PDF, new Limits(2, 1000, 1 << 20))).isEqualTo(Reason.TOO_LARGE);
        assertThat(reason("x".repeat(1001).getBytes(StandardCharsets.US_ASCII), "text/plain", new Limits(9, 1000, 1)))
                .isEqualTo(Reason.TOO_LARGE);
        assertThat(reason(
                        Documents.odt("<text:p>" + " ".repeat(2 << 20) + "</text:p>"),
                        Documents.ODT,
                        new Limits(9, 1000, 1 << 20)))
                .isEqualTo(Reason.TOO_LARGE);
        assertThat(read(pdf, Documents.PDF, new Limits(3, 1000, 1))).hasSize(3);
    }

    @Test
    void control_characters_are_replaced() throws Exception {
        assertThat(read(("a\u0000b\u0007c\fd" + "e".repeat(100)).getBytes(StandardCharsets.US_ASCII), "text/plain")
                        .getFirst())
                .isEqualTo("a\ufffdb\ufffdc\ufffdd" + "e".repeat(100));
    }
}
