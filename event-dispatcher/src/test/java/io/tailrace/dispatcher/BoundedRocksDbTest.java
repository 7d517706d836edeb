package io.tailrace.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.dispatcher.channel.RecentEvents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Statistics;
import org.rocksdb.TickerType;
import org.rocksdb.WriteOptions;

class BoundedRocksDbTest {
    /** So many files that RocksDB does not compact them because of their number. */
    private static final int MANY = 100_000;

    private static final String TEXT = "a text that is to be forgotten";

    @Test
    void what_was_deleted_from_a_store_goes_from_its_files_too_when_the_store_is_written_to_later(@TempDir Path folder)
            throws Exception {
        // As Streams opens a store.
        RocksDB.loadLibrary();
        try (Options options = new Options()
                        .setCreateIfMissing(true)
                        .setTableFormatConfig(new BlockBasedTableConfig())
                        .setCompressionType(CompressionType.NO_COMPRESSION)
                        .setCompactionStyle(CompactionStyle.UNIVERSAL);
                WriteOptions unlogged = new WriteOptions().setDisableWAL(true);
                FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
            new BoundedRocksDb().setConfig("store", options, Map.of(BoundedRocksDb.REWRITE_SECONDS_CONFIG, 1L));
            options.setLevel0FileNumCompactionTrigger(MANY)
                    .setLevel0SlowdownWritesTrigger(MANY)
                    .setLevel0StopWritesTrigger(MANY);
            try (RocksDB store = RocksDB.open(options, folder.toString())) {
                store.put(unlogged, bytes("key"), bytes(TEXT));
                store.flush(flush);
                store.delete(unlogged, bytes("key"));
                store.flush(flush);
                assertThat(hasText(folder)).isTrue();

                Eventually.holds("the files have been written anew", () -> {
                    store.put(unlogged, bytes("another"), bytes("x"));
                    store.flush(flush);
                    return !hasText(folder);
                });
            }
        }
    }

    @Test
    void an_id_is_found_in_files_with_and_without_a_filter_of_ids_and_files_without_it_are_passed_over(
            @TempDir Path folder) throws Exception {
        RocksDB.loadLibrary();
        // given ids in files of a store as it was before, without the filter
        write(folder, "windows", 0, 100, null);

        // when more of them are written with it, in several files
        try (Statistics statistics = new Statistics()) {
            for (int file = 1; file < 5; file++) {
                write(folder, "recent-ids.1700000000000", file * 100, file * 100 + 100, statistics);
            }

            // then each is found, others are not, and the filter has spared look-ups
            try (Options options = options("recent-ids.1700000000000").setStatistics(statistics);
                    RocksDB store = RocksDB.open(options, folder.toString())) {
                for (int id = 0; id < 500; id++) {
                    assertThat(has(store, id)).as("id %d", id).isTrue();
                }
                for (int id = 500; id < 1_000; id++) {
                    assertThat(has(store, id)).as("id %d", id).isFalse();
                }
            }
            assertThat(statistics.getTickerCount(TickerType.BLOOM_FILTER_PREFIX_USEFUL)
                            + statistics.getTickerCount(TickerType.NON_LAST_LEVEL_SEEK_FILTERED))
                    .isPositive();
        }
    }

    private static Options options(String store) {
        Options options = new Options()
                .setCreateIfMissing(true)
                .setTableFormatConfig(new BlockBasedTableConfig().setFilterPolicy(new BloomFilter()))
                .setCompactionStyle(CompactionStyle.UNIVERSAL);
        new BoundedRocksDb().setConfig(store, options, Map.of());
        return options;
    }

    private static void write(Path folder, String store, int from, int to, @Nullable Statistics statistics)
            throws RocksDBException {
        try (Options options = options(store);
                FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
            if (statistics != null) {
                options.setStatistics(statistics);
            }
            try (RocksDB opened = RocksDB.open(options, folder.toString())) {
                for (int id = from; id < to; id++) {
                    opened.put(key(id, 1_700_000_000_000L + id), new byte[0]);
                    // Also before it is in a file.
                    assertThat(has(opened, id)).isTrue();
                }
                opened.flush(flush);
            }
        }
    }

    /** As Streams asks for one key of a store of windows: from its earliest time to its latest. */
    private static boolean has(RocksDB store, int id) {
        try (RocksIterator keys = store.newIterator()) {
            keys.seek(key(id, 0));
            return keys.isValid() && Arrays.compareUnsigned(keys.key(), key(id, Long.MAX_VALUE)) <= 0;
        }
    }

    /** An id, spread as random ones are, a time and a number. */
    private static byte[] key(int id, long atMs) {
        UUID uuid = UUID.nameUUIDFromBytes(bytes("id " + id));
        return ByteBuffer.allocate(RecentEvents.ID_BYTES + Long.BYTES + Integer.BYTES)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .putLong(atMs)
                .array();
    }

    private static boolean hasText(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (content(file).contains(TEXT)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static String content(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
