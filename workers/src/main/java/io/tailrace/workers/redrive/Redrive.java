package io.tailrace.workers.redrive;

import static io.tailrace.workers.redrive.LetterWriter.LETTERS;

import io.tailrace.kit.job.JobContext;
import io.tailrace.kit.kafka.DeadLetter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a redrive. The letters are looked at in chunks, each of which is read twice: once to know which letters there still are, for a
 * tombstone may be anywhere behind, and once for their values. Confined to one thread.
 */
final class Redrive {
    /** Letters whose keys are kept in memory at a time, a few MB. */
    private static final int CHUNK = 10_000;

    /** Letters in a transaction. Each is at most 1 MiB, and mostly far less. */
    private static final int BATCH = 32;

    private final RedrivePayload payload;
    private final JobContext context;
    private final LogReader log;
    private final LetterWriter writer;
    private final Map<String, Long> left = new TreeMap<>();
    private final Map<String, Long> back = new TreeMap<>();
    private long written;

    /**
     * A chunk.
     *
     * @param letters by their keys, in the order of the log
     * @param next where the next chunk begins; null if this is the last one
     * @param end up to where the log was read
     */
    private record Chunk(Map<ByteBuffer, Admitted> letters, @Nullable Long next, long end) {}

    Redrive(RedrivePayload payload, JobContext context, LogReader committed, LetterWriter writer) {
        this.payload = payload;
        this.context = context;
        this.log = committed;
        this.writer = writer;
    }

    /** Runs it; what it came to. */
    Map<String, Object> run() throws InterruptedException, ExecutionException {
        if (!isDry()) {
            writer.begin();
        }
        Long from = log.beginning(LETTERS);
        while (from != null && written < payload.bound()) {
            Chunk chunk = admit(from);
            Newest newest = new Newest();
            Map<TopicPartition, Long> scanned = scan(chunk, newest);
            write(from, chunk, newest, scanned);
            from = chunk.next();
        }
        return Map.of("letters", written, "by_topic", back, "left", left, "dry_run", isDry());
    }

    private boolean isDry() {
        return Boolean.TRUE.equals(payload.dryRun());
    }

    private Chunk admit(long from) throws InterruptedException {
        Map<ByteBuffer, Admitted> letters = new LinkedHashMap<>();
        long end = log.ends(List.of(LETTERS)).getOrDefault(LETTERS, 0L);
        long[] next = {-1};
        log.read(Map.of(LETTERS, from), Map.of(LETTERS, end), record -> {
            byte @Nullable [] key = record.key();
            if (key == null) {
                return;
            }
            ByteBuffer name = ByteBuffer.wrap(key);
            Optional<DeadLetter> letter = DeadLetter.read(record).filter(this::isAskedFor);
            if (letter.isEmpty()) {
                letters.remove(name);
            } else if (letters.containsKey(name) || next[0] < 0 && letters.size() < CHUNK) {
                letters.put(name, Admitted.of(key, record.offset(), letter.get()));
            } else if (next[0] < 0) {
                next[0] = record.offset();
            }
        });
        return new Chunk(letters, next[0] < 0 ? null : next[0], end);
    }

    private boolean isAskedFor(DeadLetter letter) {
        return (payload.topic() == null || payload.topic().equals(letter.topic()))
                && (payload.consumer() == null || payload.consumer().equals(letter.consumer()));
    }

    /** Reads for newer records; up to where. */
    private Map<TopicPartition, Long> scan(Chunk chunk, Newest newest) throws InterruptedException {
        Map<TopicPartition, Long> from = new HashMap<>();
        for (Admitted letter : chunk.letters().values()) {
            newest.watch(LETTERS, letter.key());
            byte @Nullable [] key = letter.originalKey();
            if (letter.mayGoBack() && key != null) {
                newest.watch(letter.place(), key);
                from.merge(letter.place(), letter.originalOffset() + 1, Math::min);
            }
        }
        Map<TopicPartition, Long> ends = log.ends(from.keySet());
        log.read(from, ends, newest::read);
        Map<TopicPartition, Long> scanned = new HashMap<>(ends);
        scanned.put(LETTERS, chunk.end());
        return scanned;
    }

    private void write(long from, Chunk chunk, Newest newest, Map<TopicPartition, Long> scanned)
            throws InterruptedException, ExecutionException {
        List<LetterWriter.Item> batch = new ArrayList<>();
        long behind = 1
                + chunk.letters().values().stream()
                        .mapToLong(Admitted::offset)
                        .max()
                        .orElse(from - 1);
        long at = from;
        while (at < behind && written < payload.bound()) {
            long until = Math.min(behind, at + BATCH);
            log.read(Map.of(LETTERS, at), Map.of(LETTERS, until), record -> {
                LetterWriter.Item item = item(chunk, record);
                if (item != null) {
                    batch.add(item);
                }
            });
            at = until;
            settle(batch, newest, scanned);
            batch.clear();
            context.progress((double) at / Math.max(1, chunk.end()), written + " letters");
        }
    }

    private LetterWriter.@Nullable Item item(Chunk chunk, ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] key = record.key();
        Admitted letter = key == null ? null : chunk.letters().get(ByteBuffer.wrap(key));
        if (letter == null || letter.offset() != record.offset()) {
            return null;
        }
        if (!letter.mayGoBack()) {
            leave(letter.verdict());
            return null;
        }
        return DeadLetter.read(record)
                .map(read -> new LetterWriter.Item(letter, read))
                .orElse(null);
    }

    private void settle(List<LetterWriter.Item> batch, Newest newest, Map<TopicPartition, Long> scanned)
            throws InterruptedException, ExecutionException {
        List<LetterWriter.Item> asked = batch.subList(0, (int) Math.min(batch.size(), payload.bound() - written));
        List<LetterWriter.Item> done =
                isDry() ? LetterWriter.current(asked, newest) : writer.write(List.copyOf(asked), newest, scanned);
        for (int i = done.size(); i < asked.size(); i++) {
            leave(RedriveRules.Verdict.SUPERSEDED);
        }
        done.forEach(item -> back.merge(item.letter().topic(), 1L, Long::sum));
        written += done.size();
    }

    private void leave(RedriveRules.Verdict verdict) {
        left.merge(verdict.name().toLowerCase(Locale.ROOT), 1L, Long::sum);
    }
}
