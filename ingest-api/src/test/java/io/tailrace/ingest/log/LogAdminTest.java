package io.tailrace.ingest.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.kit.kafka.KafkaSettings;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class LogAdminTest {
    /** JMX counts the requests of one client of each id. */
    private static final String CLIENT = "log-admin-test";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void the_ends_of_all_partitions_are_one_question_to_a_broker() throws Exception {
        TestIngest ingest = TestIngest.shared();
        LogAdmin admin = new LogAdmin(ingest.bean(KafkaSettings.class), ingest.bean(LogSettings.class), CLIENT);
        List<Integer> partitions =
                IntStream.range(0, Topics.FACT_PARTITIONS).boxed().toList();
        assertThat(admin.endOffsets(Topics.SHOWS, partitions, PATIENCE)).isPresent();
        double before = requests();

        Map<Integer, Long> ends =
                admin.endOffsets(Topics.SHOWS, partitions, PATIENCE).orElseThrow();

        assertThat(ends.keySet()).containsExactlyInAnyOrderElementsOf(partitions);
        // Where the partitions are may be asked as well.
        assertThat(requests() - before).isBetween(1.0, 2.0);
        admin.close();
    }

    private static double requests() throws JMException {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        double requests = 0;
        for (ObjectName name : beans.queryNames(
                new ObjectName("kafka.admin.client:type=admin-client-metrics,client-id=" + CLIENT), null)) {
            requests += ((Number) beans.getAttribute(name, "request-total")).doubleValue();
        }
        return requests;
    }
}
