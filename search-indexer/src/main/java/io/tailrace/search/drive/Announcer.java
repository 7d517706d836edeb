package io.tailrace.search.drive;

import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import io.tailrace.search.document.SearchIndex;
import io.tailrace.search.index.Incarnation;
import io.tailrace.search.index.IndexKeeper;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes new documents visible soon, and says so when they are. Not more often than its pace allows, and not while there
 * is much to catch up with: then Elasticsearch does it at its own pace. Confined to the loop's thread.
 */
final class Announcer {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    private final SearchIndex index;
    private final IndexKeeper keeper;
    private final Notices notices;
    private final RefreshPace pace;
    private int pending;

    Announcer(SearchIndex index, IndexKeeper keeper, Notices notices, Duration interval) {
        this.index = index;
        this.keeper = keeper;
        this.notices = notices;
        this.pace = new RefreshPace(interval, System.nanoTime());
    }

    /** How long a turn may wait for records. */
    Duration wait(Duration longest) {
        if (pending == 0) {
            return longest;
        }
        Duration due = pace.untilNext(System.nanoTime());
        return due.compareTo(longest) < 0 ? due : longest;
    }

    /** A turn has written so much. */
    void written(Incarnation incarnation, int records, boolean moreAtOnce) {
        pending += records;
        long fromNs = System.nanoTime();
        if (pending == 0 || moreAtOnce || pace.untilNext(fromNs).isPositive()) {
            return;
        }
        try {
            keeper.refresh(incarnation);
            notices.documentsIndexed(index.name(), pending);
            pending = 0;
        } catch (IOException | ElasticsearchException e) {
            // It is written; the next turn says what is wrong, if something is.
            LOG.debug("index {}: not refreshed", index.name(), e);
        }
        pace.refreshed(fromNs, System.nanoTime());
    }
}
