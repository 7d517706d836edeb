package io.tailrace.exporter.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.api.gax.core.CredentialsProvider;
import com.google.cloud.bigquery.storage.v1.TableFieldSchema.Mode;
import com.google.cloud.bigquery.storage.v1.TableFieldSchema.Type;
import com.google.cloud.bigquery.storage.v1.TableSchema;
import io.grpc.Status;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.testing.FakeJob;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What BigQuery refuses: a state of the job that says why, and nothing lost and nothing twice when it is put right. */
@Timeout(120)
@Tag("server")
class BigQueryRefusalsTest {
    private final ExportStand stand;
    private final BigQueryExport export;

    BigQueryRefusalsTest(@TempDir Path folder) throws IOException {
        this.stand = new ExportStand(folder);
        this.export = stand.export(100);
        stand.write(150);
    }

    @AfterEach
    void close() {
        stand.close();
    }

    private void isPutRight(int token) throws Exception {
        assertThat(export.run(stand.request(), stand.attempt(token)).rows()).isEqualTo(150);
        assertThat(stand.ofTable()).isEqualTo(stand.ofLog());
    }

    @Test
    void withoutCredentialsTheJobSaysWhichSettingIsMissing() throws Exception {
        CredentialsProvider none = () -> {
            throw new IOException("Your default credentials were not found.");
        };
        BigQueryClients clients = new BigQueryClients(
                new BigQuerySettings("", Duration.ofSeconds(5), Duration.ofSeconds(5)),
                none,
                BigQueryStandIn.transport(stand.bigQuery().port()));

        JobFailure failure = stand.fails(stand.export(100, clients), 1, "not_configured", true);

        assertThat(failure).hasMessageContaining("GOOGLE_APPLICATION_CREDENTIALS");
        isPutRight(2);
    }

    @Test
    void aTableThatIsMissingIsNamed() throws Exception {
        BigQueryExport.Request other =
                stand.request(TableId.parse("some-project.events.nothing").orElseThrow());

        JobFailure failure = catchThrowableOfType(JobFailure.class, () -> export.run(other, stand.attempt(1)));

        assertThat(failure.type()).isEqualTo("table_not_found");
        assertThat(failure.isFinal()).isTrue();
        assertThat(failure).hasMessageContaining("some-project.events.nothing");
        isPutRight(2);
    }

    @Test
    void aTableThatDoesNotFitIsNotBegunWith() throws Exception {
        TableSchema wrong = ReadingsTable.schema().toBuilder()
                .setFields(4, ReadingsTable.field("value", Type.STRING, Mode.NULLABLE))
                .removeFields(3)
                .addFields(ReadingsTable.field("tenant", Type.STRING, Mode.REQUIRED))
                .build();
        stand.bigQuery().table(ReadingsTable.TABLE, wrong);

        JobFailure failure = stand.fails(export, 1, "schema_mismatch", true);

        assertThat(failure)
                .hasMessageContaining("metric_id is missing, expected JSON or STRING")
                .hasMessageContaining("value is STRING, expected DOUBLE")
                .hasMessageContaining("tenant is required");
        assertThat(stand.bigQuery().rows()).isEmpty();
        stand.bigQuery().table(ReadingsTable.TABLE, ReadingsTable.schema());
        isPutRight(2);
    }

    @Test
    void whoMayNotWriteIsToldSoAndTriedAgain() throws Exception {
        stand.bigQuery().refuseStreams(Status.PERMISSION_DENIED.withDescription("tables.updateData denied"));
        assertThat(stand.fails(export, 1, "permission_denied", false)).hasMessageContaining("updateData");
        stand.bigQuery().refuseStreams(Status.UNAUTHENTICATED.withDescription("key revoked"));
        assertThat(stand.fails(export, 2, "credentials_refused", false)).hasMessageContaining("revoked");
        stand.bigQuery().refuseStreams(null);
        stand.bigQuery().refuseConnections(Status.PERMISSION_DENIED);
        stand.fails(export, 3, "permission_denied", false);
        stand.bigQuery().refuseConnections(null);

        isPutRight(4);
    }

    @Test
    void aQuotaThatIsUsedUpIsWaitedForLongerAndLonger() throws Exception {
        stand.bigQuery().refuseStreams(Status.RESOURCE_EXHAUSTED.withDescription("Quota exceeded"));
        assertThat(stand.fails(export, 1, "quota_exceeded", false).retryAfter()).isEqualTo(Duration.ofMinutes(1));
        stand.bigQuery().refuseStreams(null);
        stand.bigQuery().refuseConnections(Status.RESOURCE_EXHAUSTED.withDescription("Quota exceeded"));
        assertThat(stand.fails(export, 4, "quota_exceeded", false).retryAfter()).isEqualTo(Duration.ofMinutes(8));
        assertThat(stand.fails(export, 40, "quota_exceeded", false).retryAfter())
                .isEqualTo(Duration.ofMinutes(32));
        stand.bigQuery().refuseConnections(null);

        isPutRight(41);
    }

    @Test
    void rowsThatTheTableDoesNotTakeStayUntilItDoes() throws Exception {
        String refused = new UUID(7, 90).toString();
        stand.bigQuery().refuseValue(refused);
        assertThat(stand.fails(export, 1, "rows_refused", true)).hasMessageContaining("does not take");
        assertThat(stand.segments()).hasSize(1).noneMatch(Segment::written);
        stand.bigQuery().refuseValue(null);

        isPutRight(2);
    }

    @Test
    void aStreamThatIsGoneIsNotGuessedAbout() throws Exception {
        FakeJob stopped = FakeJob.stopping(stand.job(), 1, 2);
        assertThat(catchThrowableOfType(InterruptedException.class, () -> export.run(stand.request(), stopped)))
                .isNotNull();
        stand.bigQuery().loseStreams();

        assertThat(stand.fails(export, 2, "stream_lost", true)).hasMessageContaining("count of its rows");
        assertThat(stand.bigQuery().rows()).isEmpty();
    }

    @Test
    void aStreamToWhichSomebodyElseHasWrittenIsNotGoneOnWith() throws Exception {
        FakeJob stopped = FakeJob.stopping(stand.job(), 1, 2);
        assertThat(catchThrowableOfType(InterruptedException.class, () -> export.run(stand.request(), stopped)))
                .isNotNull();
        stand.bigQuery().streams().getFirst().addBehindOurBack(100);

        stand.fails(export, 2, "stream_out_of_step", true);
        assertThat(stand.segments()).noneMatch(Segment::written);
    }

    @Test
    void anExportHasOneTable() throws Exception {
        isPutRight(1);
        BigQueryExport.Request other =
                stand.request(TableId.parse("some-project.events.other").orElseThrow());

        JobFailure failure =
                catchThrowableOfType(JobFailure.class, () -> export.run(other, FakeJob.of(UUID.randomUUID(), 1)));

        assertThat(failure.type()).isEqualTo("invalid_payload");
        assertThat(failure).hasMessageContaining("to some-project.events.readings");
    }
}
