package io.tailrace.exporter.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.backends.Eventually;
import io.tailrace.exporter.bigquery.BigQueryStandIn.Fault;
import io.tailrace.exporter.export.Range;
import io.tailrace.exporter.testing.TestBroker;
import io.tailrace.kit.job.testing.FakeJob;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What arrives in the table, whatever becomes of attempts and connections. */
@Timeout(120)
@Tag("server")
class BigQueryExportTest {
    private final ExportStand stand;

    BigQueryExportTest(@TempDir Path folder) throws IOException {
        this.stand = new ExportStand(folder);
    }

    @AfterEach
    void close() {
        stand.close();
    }

    private void isWhole() throws Exception {
        assertThat(stand.ofTable()).isEqualTo(stand.ofLog());
    }

    @Test
    void whatTheLogHasIsInTheTable() throws Exception {
        stand.write(250);

        BigQueryExport.Result result = stand.export(50).run(stand.request(), stand.attempt(1));

        isWhole();
        assertThat(result.rows()).isEqualTo(250);
        assertThat(result.segments()).isEqualTo(6);
        assertThat(stand.bigQuery().streams()).hasSize(6).allMatch(StandInStream::isFinalized);
        assertThat(stand.segments()).hasSize(6).allMatch(Segment::written);
        assertThat(stand.bytesOfSegments())
                .as("rows that are written are not kept")
                .isEqualTo(6L * Spool.HEADER);
    }

    @Test
    void anAttemptThatWasStoppedIsGoneOnWithAndWhatCameMeanwhileIsForTheNextJob() throws Exception {
        stand.write(300);
        for (int attempt = 1; attempt <= 3; attempt++) {
            FakeJob stopped = FakeJob.stopping(stand.job(), attempt, 3);
            assertThatThrownBy(() -> stand.export(40).run(stand.request(), stopped))
                    .isInstanceOf(InterruptedException.class);
            stand.write(9);
        }

        assertThat(stand.export(77).run(stand.request(), stand.attempt(4)).rows())
                .isEqualTo(300);
        assertThat(stand.export(77).run(stand.request(), stand.attempt(5)).rows())
                .as("one that runs after the end")
                .isEqualTo(300);

        FakeJob next = FakeJob.of(UUID.randomUUID(), 1);
        assertThat(stand.export(77).run(stand.request(), next).rows()).isEqualTo(27);
        isWhole();
    }

    @Test
    void aCancelledJobLeavesASegmentThatTheNextOneWritesToItsEnd() throws Exception {
        stand.write(200);
        FakeJob cancelled = FakeJob.stopping(stand.job(), 1, 1);
        assertThatThrownBy(() -> stand.export(100).run(stand.request(), cancelled))
                .isInstanceOf(InterruptedException.class);
        assertThat(stand.segments()).hasSize(1).noneMatch(Segment::written);

        BigQueryExport.Result next = stand.export(100).run(stand.request(), FakeJob.of(UUID.randomUUID(), 1));

        assertThat(next.rows()).as("the rest").isEqualTo(100);
        isWhole();
    }

    @Test
    void abortedRecordsMarksOfTransactionsAndWhatIsNoReadingAreNoRows() throws Exception {
        stand.write(10);
        try (KafkaProducer<byte[], byte[]> transactional = TestBroker.shared().transactional()) {
            transactional.beginTransaction();
            transactional.send(TestBroker.reading(stand.topic(), 0, 900));
            transactional.abortTransaction();
            transactional.beginTransaction();
            transactional.send(TestBroker.reading(stand.topic(), 0, 901));
            transactional.commitTransaction();
        }
        TestBroker.shared().awaitDecided(stand.topic());
        TestBroker.shared().send(new ProducerRecord<>(stand.topic(), 1, new byte[] {1}, new byte[] {2}));
        TestBroker.shared().send(new ProducerRecord<>(stand.topic(), 1, new byte[] {1}, null));

        // A commit is answered before its mark is in the log, and until then readers see an open transaction.
        Eventually.holds("the transaction is over", () -> stand.ofLog().rows() == 11);

        BigQueryExport.Result result = stand.export(3).run(stand.request(), stand.attempt(1));

        isWhole();
        assertThat(result.rows()).isEqualTo(11);
        assertThat(result.records()).isEqualTo(2);
        BigQueryExport.Result again = stand.export(3).run(stand.request(), FakeJob.of(UUID.randomUUID(), 1));
        assertThat(again.ranges()).as("nothing is new").allMatch(range -> range.length() == 0);
    }

    @Test
    void brokenConnectionsLateAnswersAndLostOnesChangeNothing() throws Exception {
        stand.write(200);
        stand.bigQuery()
                .faults(
                        Fault.DROP_REQUEST,
                        Fault.DROP_ANSWER,
                        Fault.LATE,
                        Fault.NONE,
                        Fault.DROP_ANSWER,
                        Fault.DROP_ANSWER,
                        Fault.DROP_REQUEST);

        assertThat(stand.export(100).run(stand.request(), stand.attempt(1)).rows())
                .isEqualTo(200);

        isWhole();
    }

    @Test
    void withoutAnAnswerTheAttemptFailsAndTheNextOneLearnsWhatIsThere() throws Exception {
        stand.write(200);
        stand.bigQuery().faults(Fault.NONE, Fault.SILENCE);

        stand.fails(stand.answersWithin(Duration.ofMillis(500)), 1, "bigquery_unavailable", false);

        // On a slow machine an answer before the one that is missing may have been too late.
        stand.bigQuery().noFaults();
        assertThat(stand.export(100).run(stand.request(), stand.attempt(2)).rows())
                .isEqualTo(200);
        isWhole();
    }

    @Test
    void rowsThatWereAcknowledgedAndAreMissingAreWrittenAgain() throws Exception {
        stand.write(200);
        stand.bigQuery().faults(Fault.NONE, Fault.FORGET);

        assertThat(stand.export(100).run(stand.request(), stand.attempt(1)).rows())
                .isEqualTo(200);

        isWhole();
    }

    @Test
    void anAttemptThatWasFrozenChangesNothing() throws Exception {
        stand.write(300);
        assertThatThrownBy(() -> stand.export(40).run(stand.request(), FakeJob.stopping(stand.job(), 1, 3)))
                .isInstanceOf(InterruptedException.class);
        stand.write(100);
        var unused = stand.export(40).run(stand.request(), stand.attempt(2));
        var unusedNext = stand.export(40).run(stand.request(), FakeJob.of(UUID.randomUUID(), 1));
        int streams = stand.bigQuery().streams().size();

        assertThat(stand.export(40).run(stand.request(), stand.attempt(1)).rows())
                .isEqualTo(300);

        assertThat(stand.bigQuery().streams()).hasSize(streams);
        isWhole();
    }

    @Test
    void soManyAsWereAskedForAndTheNextJobGoesOn() throws Exception {
        stand.write(60);
        assertThat(stand.export(1000).run(stand.request(12), stand.attempt(1)).ranges())
                .containsExactly(new Range(0, 0, 12), new Range(1, 0, 12));
        assertThat(stand.export(1000)
                        .run(stand.request(), FakeJob.of(UUID.randomUUID(), 1))
                        .rows())
                .isEqualTo(36);
        isWhole();
    }
}
