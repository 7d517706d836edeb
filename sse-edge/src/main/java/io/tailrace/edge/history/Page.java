package io.tailrace.edge.history;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page.
 *
 * @param events batches with the page's events and no others, in offset order
 * @param generation of the topic
 * @param start where it began
 * @param position the newest end of the page: a stream that starts there has what came after it
 * @param next where the next page begins; null if there is nothing more
 * @param readBytes of all records that were read for it, about
 */
record Page(
        List<Batch> events,
        Generation generation,
        PageStart start,
        PagePosition position,
        @Nullable PagePosition next,
        long readBytes) {}
