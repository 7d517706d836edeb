package io.tailrace.contracts.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyPartitionTest {
    /** The hashes are the vectors of Kafka's own test of murmur2. */
    @ParameterizedTest
    @CsvSource({
        "21,-973932308",
        "foobar,-790332482",
        "a-little-bit-long-string,-985981536",
        "a-little-bit-longer-string,-1486304829",
        "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8,-58897971",
        "abc,479470107"
    })
    void itIsKafkasHashOfTheKeyWithoutItsSign(String key, int hash) {
        assertThat(KeyPartition.of(key.getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE))
                .isEqualTo(hash & 0x7fffffff);
    }

    @Property
    void itIsAPartitionOfTheTopic(@ForAll byte[] key, @ForAll @IntRange(min = 1, max = 2000) int partitions) {
        assertThat(KeyPartition.of(key, partitions)).isBetween(0, partitions - 1);
    }

    @Test
    void aTopicHasAPartition() {
        assertThatIllegalArgumentException().isThrownBy(() -> KeyPartition.of(new byte[0], 0));
    }
}
