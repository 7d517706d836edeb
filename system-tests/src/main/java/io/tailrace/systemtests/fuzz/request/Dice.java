package io.tailrace.systemtests.fuzz.request;

import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** Chance by a seed. For one thread. */
final class Dice {
    private final SplittableRandom random;

    Dice(long seed, long number) {
        // Neighbouring numbers must not give neighbouring cases.
        random = new SplittableRandom(new SplittableRandom(seed * 0x9e3779b97f4a7c15L + number).nextLong());
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    String of(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    String uuid() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Any characters from U+0000 to U+00FF. */
    String latin(int count) {
        return new String(bytes(count), java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
