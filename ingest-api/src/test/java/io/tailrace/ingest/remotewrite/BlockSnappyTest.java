package io.tailrace.ingest.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.kit.problem.ProblemException;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.xerial.snappy.Snappy;

class BlockSnappyTest {
    @Property(tries = 200)
    void what_the_reference_implementation_compresses_is_read(
            @ForAll long seed, @ForAll @IntRange(max = 200_000) int size) throws Exception {
        byte[] bytes = bytes(seed, size);

        assertThat(BlockSnappy.decompress(Snappy.compress(bytes), size)).isEqualTo(bytes);
    }

    @Property(tries = 500)
    void a_damaged_block_is_400_or_other_bytes_and_never_another_failure(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 2_000) int size) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] block = Snappy.compress(bytes(seed, size));
        block[random.nextInt(block.length)] ^= (byte) (1 + random.nextInt(255));
        byte[] damaged = random.nextBoolean() ? block : Arrays.copyOf(block, random.nextInt(block.length));

        try {
            assertThat(BlockSnappy.decompress(damaged, 1 << 20)).hasSizeLessThanOrEqualTo(1 << 20);
        } catch (ProblemException e) {
            assertThat(e.problem().status()).isIn(400, 413);
        }
    }

    @Example
    void a_block_that_says_that_it_is_too_large_is_413() {
        byte[] four = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f, 0};

        assertThatThrownBy(() -> BlockSnappy.decompress(four, 1_000))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().status()).isEqualTo(413));
    }

    /** Text that repeats itself, as labels do. */
    private static byte[] bytes(long seed, int size) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = i > 40 && random.nextInt(20) > 0 ? bytes[i - 40] : (byte) random.nextInt(256);
        }
        return bytes;
    }
}
