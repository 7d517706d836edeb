package io.tailrace.search.document;

import io.tailrace.contracts.person.PhoneNumber;
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
                put(form, field, value, style);
            }
        }
        return form;
    }

    private static void put(Map<String, @Nullable Object> form, SearchField field, String value, PartStyle style) {
        boolean digits = field.kind() == SearchField.Kind.DIGITS;
        String folded = digits ? PhoneNumber.digits(value) : Folding.of(value);
        form.put(field.folded(), folded);
        if (style == PartStyle.GRAMS) {
            form.put(field.grams(), Grams.of(folded));
            if (!digits && !folded.equals(value)) {
                field.casedGrams().ifPresent(column -> form.put(column, Grams.of(value)));
            }
        }
    }
}
