package io.tailrace.dispatcher;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;

/**
 * Shows the metrics of one Streams application. Micrometer looks for new ones when it is bound, which is before there are any threads and tasks, and
 * then once a minute: what our processors count would be in no scrape of the first minute after a start or a rebalance. So it looks also when
 * it is told that the application runs. Thread-safe.
 */
final class StreamsMeters implements AutoCloseable {
    private final Looks looks = new Looks();
    private final KafkaStreamsMetrics metrics;

    /** The meters of an application that has not been started. */
    StreamsMeters(KafkaStreams streams, MeterRegistry meters) {
        this.metrics = new KafkaStreamsMetrics(streams, Tags.empty(), looks);
        metrics.bindTo(meters);
    }

    /** The application runs: whatever counts is there. Blocks for as long as it takes to register what is new, some milliseconds. */
    void running() {
        looks.now();
    }

    @Override
    public void close() {
        metrics.close();
        looks.shutdownNow();
    }

    /** Has the one task that Micrometer schedules run also when it is asked for, and never twice at a time. */
    private static final class Looks extends ScheduledThreadPoolExecutor {
        private volatile @Nullable Runnable look;

        Looks() {
            super(1, task -> {
                Thread thread = new Thread(task, "streams-meters");
                thread.setDaemon(true);
                return thread;
            });
        }

        @Override
        public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long initialDelay, long period, TimeUnit unit) {
            Runnable alone = () -> {
                synchronized (this) {
                    task.run();
                }
            };
            look = alone;
            return super.scheduleAtFixedRate(alone, initialDelay, period, unit);
        }

        void now() {
            Runnable known = look;
            if (known != null && !isShutdown()) {
                known.run();
            }
        }
    }
}
