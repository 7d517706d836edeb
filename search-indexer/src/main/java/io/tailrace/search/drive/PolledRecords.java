package io.tailrace.search.drive;

import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.consume.Poisoned;
import io.tailrace.search.document.DocumentChange;
import io.tailrace.search.document.SearchIndex;
import io.tailrace.search.index.VersionedChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The records of one poll, and what each of them changes.
 *
 * @param items the records that change documents, per partition in the order of the log
 * @param poisoned the records that cannot be used
 * @param ignored how many records change nothing here
 * @param starts by partition, the offset of its first record
 */
record PolledRecords(List<Item> items, List<Poisoned> poisoned, int ignored, Map<TopicPartition, Long> starts) {
    static final PolledRecords NOTHING = new PolledRecords(List.of(), List.of(), 0, Map.of());

    /**
     * A record and what it changes.
     *
     * @param record as it came
     * @param change what the index made of it
     */
    record Item(ConsumerRecord<byte[], byte[]> record, DocumentChange change) {
        VersionedChange versioned() {
            return new VersionedChange(change, record.offset() + 1);
        }
    }

    static PolledRecords read(SearchIndex index, Iterable<ConsumerRecord<byte[], byte[]>> records) {
        List<Item> items = new ArrayList<>();
        List<Poisoned> poisoned = new ArrayList<>();
        int ignored = 0;
        Map<TopicPartition, Long> starts = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            starts.putIfAbsent(new TopicPartition(record.topic(), record.partition()), record.offset());
            switch (LogEntry.read(record, index::read)) {
                case ParsedRecord.Changes<DocumentChange>(DocumentChange change) -> items.add(new Item(record, change));
                case ParsedRecord.Poison<DocumentChange>(String reason) -> poisoned.add(new Poisoned(record, reason));
                case ParsedRecord.Ignored<DocumentChange> none -> ignored++;
            }
        }
        return new PolledRecords(items, poisoned, ignored, starts);
    }

    int size() {
        return items.size() + poisoned.size() + ignored;
    }

    boolean isEmpty() {
        return starts.isEmpty();
    }

    boolean hasDeletes() {
        return items.stream().anyMatch(item -> item.change() instanceof DocumentChange.Delete);
    }

    List<VersionedChange> changes() {
        return items.stream().map(Item::versioned).toList();
    }

    /** The records behind the changes that were refused. */
    List<Poisoned> refused(Map<Integer, String> reasons) {
        List<Poisoned> refused = new ArrayList<>();
        reasons.forEach(
                (item, reason) -> refused.add(new Poisoned(items.get(item).record(), reason)));
        return refused;
    }
}
