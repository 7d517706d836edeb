package io.tailrace.ingest.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.kit.problem.ProblemException;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class WriteRequestTest {
    private static final int START_OF_A_GROUP = 0x0b;

    @Property(tries = 1_000)
    void a_damaged_message_is_400_or_other_samples_and_never_another_failure(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SentWrite sent = new SentWrite();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            sent.series(random.nextDouble(), random.nextLong(), "__name__", "load", "host", "h" + i);
        }
        byte[] message = sent.protobuf();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            message[random.nextInt(message.length)] = (byte) random.nextInt(256);
        }
        byte[] damaged = random.nextBoolean() ? message : Arrays.copyOf(message, random.nextInt(message.length));

        try {
            assertThat(WriteRequest.read(damaged).series()).hasSizeLessThan(damaged.length + 1);
        } catch (ProblemException e) {
            assertThat(e.problem().status()).isEqualTo(400);
        }
    }

    @Example
    void groups_within_groups_are_400_however_deep_they_are() {
        byte[] groups = new byte[1 << 20];
        Arrays.fill(groups, (byte) START_OF_A_GROUP);

        assertThatThrownBy(() -> WriteRequest.read(groups))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().status()).isEqualTo(400));
    }
}
