package io.tailrace.extractor;

import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Makes pages of text of what Tika's parsers say, which is XHTML. A row of a table is a line whose cells have a tab between them; a paragraph is
 * a line. It stops the parser when there is too much.
 */
final class PageText extends DefaultHandler {
    private static final Set<String> BLOCKS = Set.of(
            "p",
            "div",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "li",
            "ul",
            "ol",
            "table",
            "pre",
            "blockquote",
            "br",
            "title",
            "section",
            "article",
            "header",
            "footer",
            "dt",
            "dd");

    private final Pages pages;
    private final Limits limits;
    private final String pageClass;
    private final boolean isSheets;
    private final boolean collapses;
    private final IntSupplier expected;
    private final StringBuilder page = new StringBuilder();
    private int number = 1;
    private long characters;
    private boolean hasText;
    private boolean inBody;
    private boolean isBegun;
    private int depth;
    private int cells;
    private int inCell;
    private @Nullable Reason reason;

    /**
     * Text for a file.
     *
     * @param pageClass the class of the elements that are pages
     * @param isSheets whether each part of the body is a sheet
     * @param collapses whether white space means nothing, as in HTML
     * @param expected how many pages there will be; 0 if nobody knows
     */
    PageText(Pages pages, Limits limits, String pageClass, boolean isSheets, boolean collapses, IntSupplier expected) {
        this.pages = pages;
        this.limits = limits;
        this.pageClass = pageClass;
        this.isSheets = isSheets;
        this.collapses = collapses;
        this.expected = expected;
    }

    /** Why it stopped the parser; null if it did not. */
    @Nullable
    Reason reason() {
        return reason;
    }

    /** Whether there was a letter or a digit. */
    boolean hasText() {
        return hasText;
    }

    @Override
    public void startElement(String uri, String local, String qualified, Attributes attributes) throws SAXException {
        String name = name(local, qualified);
        if (name.equals("body")) {
            inBody = true;
            depth = 0;
            return;
        }
        if (!inBody) {
            return;
        }
        depth++;
        switch (name) {
            case "tr" -> {
                endLine();
                cells = 0;
            }
            case "td", "th" -> {
                if (cells++ > 0) {
                    page.append('\t');
                }
                inCell++;
            }
            case "div" -> {
                endLine();
                String kind = attributes.getValue("class");
                if (pageClass.equals(kind) || isSheets && depth == 1) {
                    nextPage();
                }
            }
            default -> {
                if (BLOCKS.contains(name)) {
                    endLine();
                }
            }
        }
    }

    @Override
    public void endElement(String uri, String local, String qualified) throws SAXException {
        String name = name(local, qualified);
        if (name.equals("body")) {
            endPage();
            inBody = false;
        }
        if (!inBody) {
            return;
        }
        depth--;
        switch (name) {
            case "tr" -> {
                cells = 0;
                newLine();
            }
            case "td", "th" -> {
                inCell = Math.max(0, inCell - 1);
                trim();
            }
            default -> {
                if (BLOCKS.contains(name)) {
                    endLine();
                }
            }
        }
    }

    private static String name(String local, String qualified) {
        return (local.isEmpty() ? qualified : local).toLowerCase(Locale.ROOT);
    }

    @Override
    public void ignorableWhitespace(char[] text, int start, int length) throws SAXException {
        // Of the parser, not of the file.
    }

    @Override
    public void characters(char[] text, int start, int length) throws SAXException {
        if (!inBody) {
            return;
        }
        for (int i = start; i < start + length; i++) {
            char c = text[i];
            boolean isSpace = c == '\n' || c == '\r' || c == '\t';
            if (isSpace && inCell > 0 || collapses && (isSpace || c == ' ')) {
                space();
            } else if (c == '\n') {
                newLine();
            } else if (c >= ' ' && c != 0xffff && c != 0xfffe || c == '\t') {
                page.append(c);
                hasText |= Character.isLetterOrDigit(c) || Character.isSurrogate(c);
            }
        }
        if (characters + page.length() > limits.maxCharacters()) {
            throw stop();
        }
    }

    private void trim() {
        int end = page.length();
        while (end > 0 && page.charAt(end - 1) == ' ') {
            end--;
        }
        page.setLength(end);
    }

    private void space() {
        int end = page.length();
        if (end > 0 && !Character.isWhitespace(page.charAt(end - 1))) {
            page.append(' ');
        }
    }

    /** At most one empty line in a row. */
    private void newLine() {
        int end = page.length();
        if (end > 0 && (end < 2 || page.charAt(end - 1) != '\n' || page.charAt(end - 2) != '\n')) {
            page.append('\n');
        }
    }

    private void endLine() {
        if (inCell > 0) {
            space();
        } else if (!page.isEmpty() && page.charAt(page.length() - 1) != '\n') {
            page.append('\n');
        }
    }

    /** The first begins where the body does. */
    private void nextPage() throws SAXException {
        if (!page.isEmpty() || isBegun) {
            endPage();
        }
        isBegun = true;
    }

    private void endPage() throws SAXException {
        if (number > limits.maxPages()) {
            throw stop();
        }
        characters += page.length();
        try {
            pages.page(number, Math.max(0, expected.getAsInt()), page.toString().stripTrailing());
        } catch (IOException e) {
            throw new SAXException(e);
        }
        number++;
        page.setLength(0);
        inCell = 0;
    }

    private SAXException stop() {
        reason = Reason.TOO_LARGE;
        return new SAXException("more pages or characters than allowed");
    }
}
