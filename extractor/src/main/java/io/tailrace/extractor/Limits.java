package io.tailrace.extractor;

/**
 * What a file may cost.
 *
 * @param maxPages the most pages, slides or sheets
 * @param maxCharacters the most characters of text, in UTF-16 units
 * @param maxInflatedBytes the most bytes of all parts of a ZIP archive, inflated
 */
record Limits(int maxPages, long maxCharacters, long maxInflatedBytes) {}
