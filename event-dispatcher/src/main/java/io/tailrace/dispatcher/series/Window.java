package io.tailrace.dispatcher.series;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.encoding.ByteArrayInput;
import com.datadoghq.sketch.ddsketch.encoding.GrowingByteArrayOutput;
import com.datadoghq.sketch.ddsketch.mapping.IndexMapping;
import com.datadoghq.sketch.ddsketch.mapping.LogarithmicMapping;
import com.datadoghq.sketch.ddsketch.store.CollapsingLowestDenseStore;
import com.datadoghq.sketch.ddsketch.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/**
 * The readings of one window, summed up. All of it but the sum is the same in whatever order readings are added and windows are merged,
 * and the sum is the same for the same order. So the same log gives the same windows.
 *
 * <p>Quantiles come from a DDSketch (Masson, Rim, Lee: "DDSketch", VLDB 2019): counts of values in buckets that grow by a constant
 * factor, so two sketches are merged by adding their counts, without chance and without loss. At most {@value #MAX_BUCKETS} buckets are
 * kept, which is a factor of 10^17 between the least and the greatest value; below that, values count as the least one kept.
 *
 * <p>Mutable, and not thread-safe.
 */
final class Window {
    /** The greatest relative error of a quantile. */
    static final double RELATIVE_ACCURACY = 0.01;

    static final int MAX_BUCKETS = 2048;

    private static final byte FORMAT = 1;
    private static final int HEAD_BYTES = 1 + 8 * Long.BYTES;
    private static final IndexMapping BUCKETS = new LogarithmicMapping(RELATIVE_ACCURACY);
    private static final Supplier<Store> STORES = () -> new CollapsingLowestDenseStore(MAX_BUCKETS);

    private final DDSketch sketch;
    private long count;
    private double sum;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private long firstAtUs;
    private double first;
    private long lastAtUs;
    private double last;

    /** A window without readings. */
    Window() {
        this(new DDSketch(BUCKETS, STORES));
    }

    private Window(DDSketch sketch) {
        this.sketch = sketch;
    }

    /**
     * Adds a reading that is behind all others of the log.
     *
     * @param atUs its time, in microseconds since the epoch
     * @param value finite
     */
    void add(long atUs, double value) {
        if (count == 0 || atUs < firstAtUs) {
            firstAtUs = atUs;
            first = value;
        }
        if (count == 0 || atUs >= lastAtUs) {
            lastAtUs = atUs;
            last = value;
        }
        count++;
        addToSum(value);
        min = Math.min(min, value);
        max = Math.max(max, value);
        double limit = BUCKETS.maxIndexableValue();
        sketch.accept(Math.clamp(value, -limit, limit));
    }

    /** Adds the readings of a window that ends no later than any other that is added after it begins. */
    void addAll(Window later) {
        if (later.count == 0) {
            return;
        }
        if (count == 0) {
            firstAtUs = later.firstAtUs;
            first = later.first;
        }
        lastAtUs = later.lastAtUs;
        last = later.last;
        count += later.count;
        addToSum(later.sum);
        min = Math.min(min, later.min);
        max = Math.max(max, later.max);
        sketch.mergeWith(later.sketch);
    }

    /** JSON has no infinity. */
    private void addToSum(double value) {
        sum = Math.clamp(sum + value, -Double.MAX_VALUE, Double.MAX_VALUE);
    }

    long count() {
        return count;
    }

    double sum() {
        return sum;
    }

    double min() {
        return min;
    }

    double max() {
        return max;
    }

    /** Within the range of the values also where the sum is rounded. */
    double mean() {
        return Math.clamp(sum / count, min, max);
    }

    double first() {
        return first;
    }

    double last() {
        return last;
    }

    /** The time of the latest reading, in microseconds since the epoch. */
    long lastAtUs() {
        return lastAtUs;
    }

    /**
     * The value below which a share of the readings is, within {@link #RELATIVE_ACCURACY} and the range of the values.
     *
     * @param share 0 to 1
     */
    double quantile(double share) {
        return Math.clamp(sketch.getValueAtQuantile(share), min, max);
    }

    /** The window as it is stored. */
    byte[] bytes() {
        GrowingByteArrayOutput buckets = GrowingByteArrayOutput.withDefaultInitialCapacity();
        try {
            sketch.encode(buckets, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteBuffer.allocate(HEAD_BYTES + buckets.numWrittenBytes())
                .put(FORMAT)
                .putLong(count)
                .putDouble(sum)
                .putDouble(min)
                .putDouble(max)
                .putLong(firstAtUs)
                .putDouble(first)
                .putLong(lastAtUs)
                .putDouble(last)
                .put(buckets.backingArray(), 0, buckets.numWrittenBytes())
                .array();
    }

    /** Reads what {@link #bytes()} wrote. */
    static Window read(byte[] bytes) {
        ByteBuffer head = ByteBuffer.wrap(bytes);
        byte format = head.get();
        if (format != FORMAT) {
            throw new IllegalStateException("window: format " + format + ", expected " + FORMAT);
        }
        Window window;
        try {
            window = new Window(DDSketch.decode(
                    ByteArrayInput.wrap(bytes, HEAD_BYTES, bytes.length - HEAD_BYTES), STORES, BUCKETS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        window.count = head.getLong();
        window.sum = head.getDouble();
        window.min = head.getDouble();
        window.max = head.getDouble();
        window.firstAtUs = head.getLong();
        window.first = head.getDouble();
        window.lastAtUs = head.getLong();
        window.last = head.getDouble();
        return window;
    }
}
