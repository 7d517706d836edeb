package io.tailrace.dispatcher.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class WindowTest {
    @Property(tries = 200)
    void a_window_sums_its_readings_up_and_quantiles_are_within_one_percent(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int size) {
        List<Double> values = values(seed, size);
        Window window = window(values, 0);

        List<Double> sorted = values.stream().sorted().toList();
        assertThat(window.count()).isEqualTo(size);
        assertThat(window.min()).isEqualTo(sorted.getFirst());
        assertThat(window.max()).isEqualTo(sorted.getLast());
        assertThat(window.first()).isEqualTo(values.getFirst());
        assertThat(window.last()).isEqualTo(values.getLast());
        double sum = values.stream().mapToDouble(Double::doubleValue).sum();
        assertThat(window.sum()).isCloseTo(sum, within(sum * 1e-9));
        assertThat(window.mean()).isBetween(window.min(), window.max());
        for (double share : new double[] {0, 0.5, 0.95, 0.99, 1}) {
            double exact = sorted.get((int) Math.floor(share * (size - 1)));
            assertThat(window.quantile(share)).isCloseTo(exact, within(exact * Window.RELATIVE_ACCURACY * 1.0001));
        }
    }

    @Property(tries = 100)
    void parts_merged_are_the_whole_also_after_they_were_stored(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 300) int size) {
        List<Double> values = values(seed, size);
        int cut = 1 + new SplittableRandom(seed).nextInt(size - 1);
        Window merged = new Window();
        merged.addAll(Window.read(window(values.subList(0, cut), 0).bytes()));
        merged.addAll(new Window());
        merged.addAll(Window.read(window(values.subList(cut, size), cut).bytes()));

        assertSame(merged, window(values, 0));
        assertSame(Window.read(merged.bytes()), merged);
    }

    @Property(tries = 100)
    void the_order_of_readings_changes_no_quantile(@ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int size) {
        List<Double> values = values(seed, size);
        List<Double> shuffled = new ArrayList<>(values);
        Collections.shuffle(shuffled, new Random(seed));

        Window one = window(values, 0);
        Window other = window(shuffled, 0);

        for (double share = 0; share <= 1; share += 0.01) {
            assertThat(other.quantile(share)).isEqualTo(one.quantile(share));
        }
    }

    @Example
    void of_readings_at_one_time_the_first_and_the_last_are_those_of_the_log_and_a_late_one_can_be_the_first() {
        Window window = new Window();
        window.add(5, 1);
        window.add(5, 2);
        assertThat(window.first()).isEqualTo(1);
        assertThat(window.last()).isEqualTo(2);

        window.add(4, 3);
        assertThat(window.first()).isEqualTo(3);
        assertThat(window.last()).isEqualTo(2);
        assertThat(window.lastAtUs()).isEqualTo(5);
    }

    @Example
    void the_greatest_numbers_are_still_numbers() {
        Window window = new Window();
        window.add(1, Double.MAX_VALUE);
        window.add(2, Double.MAX_VALUE);
        window.add(3, Double.MIN_VALUE);

        assertThat(window.sum()).isEqualTo(Double.MAX_VALUE);
        assertThat(window.mean()).isFinite();
        assertThat(window.min()).isEqualTo(Double.MIN_VALUE);
        assertThat(window.max()).isEqualTo(Double.MAX_VALUE);
        assertThat(window.quantile(0.99)).isFinite().isPositive();
    }

    @Example
    void a_window_of_any_values_takes_bounded_space() {
        Window window = new Window();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 50_000; i++) {
            window.add(i, Math.exp(random.nextDouble(-300, 300)));
        }

        assertThat(window.bytes().length).isLessThan(24 << 10);
    }

    private static void assertSame(Window actual, Window expected) {
        assertThat(actual.count()).isEqualTo(expected.count());
        assertThat(actual.sum()).isCloseTo(expected.sum(), within(expected.sum() * 1e-9));
        assertThat(actual.min()).isEqualTo(expected.min());
        assertThat(actual.max()).isEqualTo(expected.max());
        assertThat(actual.first()).isEqualTo(expected.first());
        assertThat(actual.last()).isEqualTo(expected.last());
        assertThat(actual.lastAtUs()).isEqualTo(expected.lastAtUs());
        for (double share : new double[] {0, 0.5, 0.95, 0.99, 1}) {
            assertThat(actual.quantile(share)).isEqualTo(expected.quantile(share));
        }
    }

    private static Window window(List<Double> values, int from) {
        Window window = new Window();
        for (int i = 0; i < values.size(); i++) {
            window.add(from + i, values.get(i));
        }
        return window;
    }

    /** Over eight powers of ten, with repetitions. */
    private static List<Double> values(long seed, int size) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            boolean repeats = i > 0 && random.nextInt(5) == 0;
            values.add(repeats ? values.get(random.nextInt(i)) : Math.pow(10, random.nextDouble(-4, 4)));
        }
        return values;
    }
}
