package io.tailrace.edge.history;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.edge.EdgeSettings;
import io.tailrace.edge.history.ChannelScan.Keep;
import io.tailrace.edge.history.ChannelScan.ScannedRange;
import io.tailrace.edge.log.LogComparison;
import io.tailrace.edge.log.RecordFrames;
import io.tailrace.edge.stream.LogEnd;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.PartitionFacts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.jspecify.annotations.Nullable;

/**
 * Reads one page after the other. A page has nothing but the log of one leader: that of the leader which was asked where the
 * page begins, and which is asked again, when the page was read, whether its log has what was read. Used by one thread.
 */
final class PageReader implements AutoCloseable {
    /** Another leader may come, or retention may move on, while a page is read; hardly three times. */
    private static final int ATTEMPTS = 3;

    /** Records of the first step backwards; each further step has twice as many at most. */
    private static final int FIRST_STEP = 64;

    private final LogComparison log;
    private final RecordFrames frames;
    private final ChannelScan scan;
    private final EdgeSettings.History settings;

    /** A reader; the scan belongs to it from now on. */
    PageReader(LogComparison log, RecordFrames frames, ChannelScan scan, EdgeSettings.History settings) {
        this.log = log;
        this.frames = frames;
        this.scan = scan;
        this.settings = settings;
    }

    /** The records that were read for a page. */
    private static final class ReadRecords {
        private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

        /** Up to where records of each leader epoch were read. */
        private final Map<Integer, Long> readTo = new HashMap<>();

        private long bytes;

        private void add(ScannedRange range) {
            bytes += range.bytes();
            if (range.firstEpoch() != Cursor.NO_EPOCH) {
                readTo.merge(range.to().epoch(), range.to().offset(), Math::max);
            }
        }
    }

    /**
     * Reads a page.
     *
     * @throws ExecutionException if the brokers cannot say what must be known
     * @throws TimeoutException if they, or the log, do not answer in time
     */
    Page read(PageRequest request) throws InterruptedException, ExecutionException, TimeoutException {
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(request);
            } catch (NotLeaderOrFollowerException | OffsetOutOfRangeException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void close() {
        scan.close();
    }

    private Page attempt(PageRequest request) throws InterruptedException, ExecutionException, TimeoutException {
        LogComparison.End before = await(log.end(request.partition(), PageStart.epochToAsk(request.start())));
        PageStart start = PageStart.of(request.start(), before.facts(), before.end());
        ReadRecords reading = new ReadRecords();
        Page page =
                switch (request.direction()) {
                    case FORWARDS -> forwards(request, before.facts(), start, reading);
                    case BACKWARDS -> backwards(request, before.facts(), start, reading);
                };
        for (Map.Entry<Integer, Long> read : reading.readTo.entrySet()) {
            requireSame(before, await(log.end(request.partition(), read.getKey())), read.getKey(), read.getValue());
        }
        return page;
    }

    private Page forwards(PageRequest request, PartitionFacts facts, PageStart start, ReadRecords reading) {
        ScannedRange range = scan.read(
                partition(request),
                start.position(),
                facts.head(),
                key(request),
                Keep.OLDEST,
                request.limit(),
                settings.scanBytes());
        reading.add(range);
        reading.records.addAll(range.kept());
        PagePosition end = range.to();
        return page(request, facts, start, reading, end, end.offset() < facts.head() ? end : null);
    }

    private Page backwards(PageRequest request, PartitionFacts facts, PageStart start, ReadRecords reading) {
        PagePosition upper = start.position();
        PagePosition low = upper;
        long step = FIRST_STEP;
        int missing = request.limit();
        while (missing > 0 && low.offset() > facts.logStart() && reading.bytes < settings.scanBytes()) {
            PagePosition from = new PagePosition(Math.max(facts.logStart(), low.offset() - step), Cursor.NO_EPOCH);
            ScannedRange range = scan.read(
                    partition(request), from, low.offset(), key(request), Keep.NEWEST, missing, settings.scanBytes());
            if (range.to().offset() < low.offset()) {
                // Its records are larger than was expected: what is nearest to the page's start was not reached.
                if (low.offset() < upper.offset()) {
                    break;
                }
                step = Math.max(1, Math.min(step, low.offset() - from.offset()) / 2);
                continue;
            }
            reading.add(range);
            if (low.offset() == upper.offset() && upper.epoch() == Cursor.NO_EPOCH) {
                upper = range.to();
            }
            reading.records.addAll(0, range.kept());
            missing -= range.kept().size();
            long perRecord = Math.max(1, range.bytes() / (low.offset() - from.offset()));
            step = Math.clamp((settings.scanBytes() - reading.bytes) / perRecord, 1, step * 2);
            int epoch = range.firstEpoch() == Cursor.NO_EPOCH ? low.epoch() : range.firstEpoch();
            low = new PagePosition(from.offset(), epoch);
        }
        if (missing == 0) {
            // What stands before the page's oldest event was not looked at.
            ConsumerRecord<byte[], byte[]> oldest = reading.records.getFirst();
            low = new PagePosition(oldest.offset(), oldest.leaderEpoch().orElse(Cursor.NO_EPOCH));
        }
        return page(request, facts, start, reading, upper, low.offset() > facts.logStart() ? low : null);
    }

    private static Page page(
            PageRequest request,
            PartitionFacts facts,
            PageStart start,
            ReadRecords reading,
            PagePosition position,
            @Nullable PagePosition next) {
        List<ConsumerRecord<byte[], byte[]>> records = reading.records;
        List<Batch> events = records.isEmpty()
                ? List.of()
                : RecordFrames.batches(
                        request.partition(),
                        facts.generation(),
                        records.getFirst().offset(),
                        records.getLast().offset() + 1,
                        records.getLast().leaderEpoch().orElse(Cursor.NO_EPOCH),
                        records);
        return new Page(events, facts.generation(), start, position, next, reading.bytes);
    }

    /** The records of an epoch that were read are in a leader's log if that has its last one: an epoch has one leader. */
    private static void requireSame(LogComparison.End before, LogComparison.End now, int epoch, long readTo) {
        LogEnd end = now.end();
        boolean known = epoch != Cursor.NO_EPOCH && end.leaderEpoch() != Cursor.NO_EPOCH;
        boolean same = now.facts().generation().equals(before.facts().generation())
                && end.leaderEpoch() == before.end().leaderEpoch();
        boolean over = known && epoch < end.leaderEpoch();
        // A log that knows no epochs tells where it ends and no more.
        boolean told = over && end.foundEpoch() != Cursor.NO_EPOCH;
        boolean has = told ? end.foundEpoch() == epoch && readTo <= end.epochEnd() : readTo <= end.offset();
        if (!same || !has || (known && epoch > end.leaderEpoch())) {
            throw new NotLeaderOrFollowerException("a page was read up to " + readTo + " in epoch " + epoch
                    + ", and the leader of epoch " + end.leaderEpoch() + " does not have that");
        }
    }

    private TopicPartition partition(PageRequest request) {
        return frames.topicPartition(request.partition());
    }

    private static byte[] key(PageRequest request) {
        return request.channel().name().getBytes(StandardCharsets.UTF_8);
    }

    private <T> T await(CompletionStage<T> answer) throws InterruptedException, ExecutionException, TimeoutException {
        return answer.toCompletableFuture().get(settings.readTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }
}
