package io.tailrace.search.document;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A document as it is sent to Elasticsearch: its fields, and what is derived from them to find it by. Pure. */
public final class DocumentForm {
    private DocumentForm() {}

    /** The fields with those that searching needs. */
    public static Map<String, @Nullable Object> of(
            SearchIndex index, Map<String, @Nullable Object> fields, PartStyle style) {
        Map<String, @Nullable Object> form = new LinkedHashMap<>(fields);
        for (SearchField field : index.fields()) {
            if (field.kind().hasParts() && fields.get(field.source()) instanceof String value) {
                String searched = value;
                if (field.kind() == SearchField.Kind.DIGITS) {
                    searched = digits(value);
                    form.put(field.name(), searched);
                }
                if (style == PartStyle.GRAMS) {
                    putGrams(form, field, searched);
                }
            }
        }
        return form;
    }

    private static void putGrams(Map<String, @Nullable Object> form, SearchField field, String value) {
        String folded = Grams.folded(value);
        form.put(field.grams(), Grams.of(folded));
        if (!folded.equals(value)) {
            field.casedGrams().ifPresent(column -> form.put(column, Grams.of(value)));
        }
    }

    /** The digits of a text. */
    public static String digits(String text) {
        StringBuilder digits = new StringBuilder(text.length());
        text.chars().filter(c -> c >= '0' && c <= '9').forEach(c -> digits.append((char) c));
        return digits.toString();
    }
}
