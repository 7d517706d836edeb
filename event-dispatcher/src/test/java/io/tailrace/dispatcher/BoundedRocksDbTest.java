package io.tailrace.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
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
