package io.tailrace.kit.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Backends;
import io.tailrace.backends.KafkaCluster;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.kafka.TopicProvisioner;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One cluster's life: its topics are made, its namespace file changes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("server")
class TopicsCommandTest {
    private static final String FILE =
            """
            news.number=1
            news.partitions=%d
            news.retention=%s
            news.subscribe=public
            news.publish=grant
            news.start=live
            """;

    private Path folder;
    private KafkaCluster cluster;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        this.folder = folder;
        cluster = Backends.chosen().kafka(1, Map.of());
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    private record Outcome(int status, String out, String err) {}

    @Test
    @Order(1)
    void withoutApplyItSaysWhatIsMissingAndMakesNothing() throws Exception {
        Outcome shown = run(6, "P7D", false, false);

        assertThat(shown.status()).isZero();
        assertThat(shown.out()).contains("create tailrace.channels.news: 6 partitions, kept for PT168H");
        assertThat(topics()).isEmpty();
    }

    @Test
    @Order(2)
    void withApplyItMakesThemAndTheNextTimeThereIsNothingToDo() throws Exception {
        assertThat(run(6, "P7D", true, false).status()).isZero();
        assertThat(topics()).contains("tailrace.channels.news", "tailrace.users");

        Outcome again = run(6, "P7D", true, false);

        assertThat(again.status()).isZero();
        assertThat(again.out()).contains("topics are as declared").doesNotContain("done");
    }

    @Test
    @Order(3)
    void fewerPartitionsAreRefusedAndNothingElseIsDoneEither() throws Exception {
        Outcome refused = run(3, "P8D", true, true);

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.out()).contains("has 6 partitions, declared are 3");
        assertThat(refused.err()).contains("nothing was changed");
        assertThat(run(6, "P7D", false, false).out()).contains("topics are as declared");
    }

    @Test
    @Order(4)
    void aShorterRetentionIsWarnedOfAndDoneOnlyIfRecordsMayBeLost() throws Exception {
        Outcome warned = run(6, "P1D", true, false);

        assertThat(warned.status()).isEqualTo(1);
        assertThat(warned.out())
                .contains("change tailrace.channels.news: retention.ms from 604800000 to 86400000 (LOSES RECORDS)");
        assertThat(warned.err()).contains("--lose-records").contains("nothing was changed");

        assertThat(run(6, "P1D", true, true).status()).isZero();
        assertThat(run(6, "P1D", false, false).out()).contains("topics are as declared");
    }

    private Outcome run(int partitions, String retention, boolean apply, boolean loseRecords) throws Exception {
        Path file = Files.writeString(
                folder.resolve("namespaces.properties"), String.format(Locale.ROOT, FILE, partitions, retention));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = new TopicsCommand(
                        new TopicProvisioner(KafkaSettings.of(cluster.bootstrap())),
                        Topics.all(Namespaces.load(file)),
                        new PrintWriter(out, true),
                        new PrintWriter(err, true))
                .run(apply, loseRecords);
        return new Outcome(status, out.toString(), err.toString());
    }

    private Set<String> topics() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
            return admin.listTopics().names().get();
        }
    }
}
