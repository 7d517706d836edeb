package io.tailrace.contracts.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tailrace.contracts.topic.TopicSpec;
import io.tailrace.contracts.topic.Topics;
import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobQueuesTest {
    @Test
    void aDeclarationIsRead() throws IOException {
        JobQueues queues = read(
                """
                mail.partitions=3
                mail.credit=20
                mail.capacity=1000
                mail.concurrency=50
                mail.rate_per_second=30
                mail.key_concurrency=2
                mail.key_rate_per_second=0.5
                """);

        JobQueue expected = new JobQueue("mail", 3, 20, 1000, new QueueLimits(50, 30, 2, 0.5));
        assertThat(queues.all()).containsExactly(expected);
        assertThat(queues.of("mail")).contains(expected);
        assertThat(queues.of("other")).isEmpty();
        assertThat(queues.topics())
                .containsExactly(new TopicSpec("tailrace.job-ready.mail", 3, false, Topics.JOB_RETENTION));
    }

    @Test
    void whatIsNotSaidIsNotLimited() throws IOException {
        assertThat(read("mail.partitions=1").all())
                .containsExactly(new JobQueue("mail", 1, 500, 5_000_000, QueueLimits.NONE));
    }

    @Test
    void theQueuesThatShipAreValid() {
        assertThat(JobQueues.builtIn().all())
                .extracting(JobQueue::name)
                .containsExactly(
                        "answers",
                        "bridges",
                        "default",
                        "exports",
                        "files",
                        "indexes",
                        "maintenance",
                        "notifications",
                        "telegram");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mail.credit=1|mail: partitions is missing",
                "mail.partitions=0|mail: partitions: 0, expected 1 to 100",
                "mail.partitions=some|mail: partitions: \"some\", expected a number",
                "mail.colour=red|mail.colour: unknown, expected <queue>.<one of capacity, concurrency, credit,",
                "Mail.partitions=1|Mail: queue: expected [a-z]",
                "#|no queue is declared"
            })
    void aWrongValueIsNamedWithWhatWasExpected(String line, String fault) {
        assertThatIllegalArgumentException().isThrownBy(() -> read(line)).withMessageContaining(fault);
    }

    @Test
    void aRateOfATrillionthIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new QueueLimits(0, 1e-12, 0, 0))
                .withMessage("rate_per_second: 1.0E-12, expected 0 or 1.0E-5 to 100000.0");
        assertThatIllegalArgumentException().isThrownBy(() -> new QueueLimits(0, Double.NaN, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new QueueLimits(-1, 0, 0, 0));
    }

    private static JobQueues read(String text) throws IOException {
        return JobQueues.read(new StringReader(text));
    }
}
