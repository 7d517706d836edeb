package io.tailrace.search.document;

/** How parts of values are found. Both give the same results; which one it is depends on what the server offers. */
public enum PartStyle {
    /** By Elasticsearch's own field type for it, {@code wildcard}. */
    WILDCARD("w"),
    /** By pieces of three characters that the indexer makes, and a check of what has all of them. */
    GRAMS("g");

    private final String letter;

    PartStyle(String letter) {
        this.letter = letter;
    }

    /** Stands in the names of indexes. */
    public String letter() {
        return letter;
    }
}
