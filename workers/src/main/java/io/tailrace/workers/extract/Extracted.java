package io.tailrace.workers.extract;

import io.tailrace.kit.extract.ExtractionFault;
import java.util.List;

/** What a process has read in a file. */
public sealed interface Extracted {
    /**
     * The text.
     *
     * @param pages of each page
     */
    record Text(List<String> pages) implements Extracted {}

    /**
     * None.
     *
     * @param fault why
     */
    record None(ExtractionFault fault) implements Extracted {}
}
