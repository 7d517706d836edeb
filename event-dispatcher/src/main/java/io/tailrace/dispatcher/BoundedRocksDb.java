package io.tailrace.dispatcher;

import io.tailrace.dispatcher.channel.RecentEvents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.IndexType;
import org.rocksdb.LRUCache;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * One bound for the memory of all state stores of the process. By default every store may take 50 MiB for blocks and
 * 48 MiB for write buffers, and there are some dozens of them: two for each partition, and three segments of the window
 * store. Indexes and filters count too.
 *
 * <p>And one bound for the time for which the files of a store have what was deleted from it: what was written longer ago is written
 * anew when RocksDB next writes a file of the store, at the latest when the store is closed and opened.
 *
 * <p>Streams makes one of these for each store; the cache is shared and lives as long as the process.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {
    /** The key of the bound, in bytes, in the configuration of a Streams application. */
    public static final String CACHE_BYTES_CONFIG = "tailrace.store.cache.bytes";

    /** The key of that time, in seconds, in the configuration of a Streams application. */
    public static final String REWRITE_SECONDS_CONFIG = "tailrace.store.rewrite.seconds";

    private static final long REWRITE_SECONDS = Duration.ofHours(24).toSeconds();

    private static final double WRITE_BUFFERS_SHARE = 0.5;
    private static final double INDEX_AND_FILTER_SHARE = 0.1;
    private static final long WRITE_BUFFER_BYTES = 2 << 20;

    /**
     * So many files are merged at once, instead of RocksDB's 4. A store that is read again from its changelog after a crash writes
     * hundreds of small files, and a quarter of the CPU of that went into merging what was merged again a moment later. Each file more
     * costs a look-up its Bloom filter.
     */
    private static final int FILES_PER_MERGE = 12;

    /** Far above what merging may fall behind: writes that are slowed down prolong the recovery. */
    private static final int FILES_BEFORE_SLOWDOWN = 8 * FILES_PER_MERGE;

    /** Of an index or a filter. */
    private static final int PART_OF_INDEX_BYTES = 4 << 10;

    /** Of a write buffer, for the filter of the ids in it: about ten bits for each. */
    private static final double MEMTABLE_FILTER_SHARE = 0.02;

    private record Memory(Cache cache, WriteBufferManager writeBuffers) {}

    private static final Object LOCK = new Object();
    private static @Nullable Memory shared;

    /**
     * Loads RocksDB's native library, unpacked into {@code folder}. By itself RocksDB unpacks it under another name in the
     * system's temporary folder every time, and a process that is killed leaves it there: 15 MB each.
     */
    static void loadLibrary(Path folder) {
        try {
            NativeLibraryLoader.getInstance()
                    .loadLibrary(Files.createDirectories(folder).toString());
        } catch (IOException e) {
            throw new UncheckedIOException("RocksDB's library cannot be unpacked into " + folder, e);
        }
    }

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        Memory memory = memory(((Number) configs.getOrDefault(CACHE_BYTES_CONFIG, 32L << 20)).longValue());
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(memory.cache());
        table.setCacheIndexAndFilterBlocks(true);
        table.setCacheIndexAndFilterBlocksWithHighPriority(true);
        table.setPinTopLevelIndexAndFilter(true);
        // A large file has a filter of a megabyte, which one look-up would read whole: in parts, it reads one part.
        table.setIndexType(IndexType.kTwoLevelIndexSearch);
        table.setPartitionFilters(true);
        table.setMetadataBlockSize(PART_OF_INDEX_BYTES);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(memory.writeBuffers());
        options.setWriteBufferSize(WRITE_BUFFER_BYTES);
        options.setMaxWriteBufferNumber(2);
        options.setLevel0FileNumCompactionTrigger(FILES_PER_MERGE);
        options.setLevel0SlowdownWritesTrigger(FILES_BEFORE_SLOWDOWN);
        options.setLevel0StopWritesTrigger(2 * FILES_BEFORE_SLOWDOWN);
        options.setPeriodicCompactionSeconds(
                ((Number) configs.getOrDefault(REWRITE_SECONDS_CONFIG, REWRITE_SECONDS)).longValue());
        if (RecentEvents.isStore(storeName)) {
            filterById(options, table);
        }
    }

    /**
     * Almost every id that is looked for is new, and without this its look-up seeks in each file of the store, which took half of what a reading costs. A filter of
     * ids passes over the files that do not have it. Files of before have no such filter, and are read as they were.
     */
    private static void filterById(Options options, BlockBasedTableConfig table) {
        table.setWholeKeyFiltering(false);
        options.setTableFormatConfig(table);
        options.useFixedLengthPrefixExtractor(RecentEvents.ID_BYTES);
        options.setMemtablePrefixBloomSizeRatio(MEMTABLE_FILTER_SHARE);
    }

    @Override
    public void close(String storeName, Options options) {
        // The cache belongs to the process and not to one store.
    }

    private static Memory memory(long bytes) {
        synchronized (LOCK) {
            Memory memory = shared;
            if (memory == null) {
                RocksDB.loadLibrary();
                Cache cache = new LRUCache(bytes, -1, false, INDEX_AND_FILTER_SHARE);
                memory = new Memory(cache, new WriteBufferManager((long) (bytes * WRITE_BUFFERS_SHARE), cache));
                shared = memory;
            }
            return memory;
        }
    }
}
