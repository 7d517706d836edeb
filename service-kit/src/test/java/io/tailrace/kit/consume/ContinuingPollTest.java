package io.tailrace.kit.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ContinuingPollTest {
    private static final TopicPartition PARTITION = new TopicPartition("decisions", 0);
    private static final OffsetAndMetadata CUT = new OffsetAndMetadata(3, Optional.of(1), "");

    @Test
    void whoAsksForThePositionOfATruncatedLogGoesOnWhereItWasCut() {
        try (MockConsumer<byte[], byte[]> consumer = truncated(Map.of(PARTITION, CUT))) {
            assertThat(ContinuingPoll.position(consumer, PARTITION)).isEqualTo(3);
            assertThat(consumer.position(PARTITION)).isEqualTo(3);
        }
    }

    @Test
    void aCutThatIsNotKnownIsTold() {
        try (MockConsumer<byte[], byte[]> consumer = truncated(Map.of())) {
            assertThatThrownBy(() -> ContinuingPoll.position(consumer, PARTITION))
                    .isInstanceOf(LogTruncationException.class);
        }
    }

    /** At offset 7 of a log that was cut; it finds that out when it is first asked for its position. */
    private static MockConsumer<byte[], byte[]> truncated(Map<TopicPartition, OffsetAndMetadata> cuts) {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none") {
            private boolean isTold;

            @Override
            public synchronized long position(TopicPartition partition) {
                if (!isTold) {
                    isTold = true;
                    throw new LogTruncationException("truncated", Map.of(partition, 7L), cuts);
                }
                return super.position(partition);
            }
        };
        consumer.assign(List.of(PARTITION));
        consumer.seek(PARTITION, 7);
        return consumer;
    }
}
