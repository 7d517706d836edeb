package io.tailrace.dispatcher.series;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.identity.DerivedId;
import io.tailrace.contracts.series.Resolution;
import io.tailrace.contracts.series.Resolutions;
import io.tailrace.contracts.series.SeriesPoint;
import io.tailrace.dispatcher.channel.ChannelEvent;
import io.tailrace.kit.json.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/** Puts windows into the records of the channels. One task's; not thread-safe. */
final class SeriesRecords implements SeriesOutput {
    static final String CHANNEL_SINK = "series-channel";

    private static final String SOURCE = "/tailrace/event-dispatcher";

    private final ProcessorContext<byte[], byte[]> context;
    private final SeriesSensors sensors;
    private final Map<Long, String> labels = new HashMap<>();

    SeriesRecords(ProcessorContext<byte[], byte[]> context, Resolutions resolutions) {
        this.context = context;
        this.sensors = SeriesSensors.of(context);
        for (Resolution resolution : resolutions.all()) {
            labels.put(resolution.lengthMs(), resolution.label());
        }
    }

    /** Records have the time at which they are told: channels keep theirs for a while, also if the log is read again. */
    @Override
    public void tell(WindowKey key, Window window, long nowMs) {
        sensors.told().record();
        SeriesPoint point = point(key, window, labels.getOrDefault(key.lengthMs(), ""));
        String channel = SeriesPoint.channel(key.metric(), point.resolution());
        // A window has one state for each number of readings, whoever reads the log.
        UUID id = DerivedId.of(
                SOURCE, SeriesPoint.TYPE, key.metric(), channel + "@" + key.startMs() + "/" + point.count());
        Event event = new Event(
                id.toString(), SeriesPoint.TYPE, SOURCE, Instant.ofEpochMilli(nowMs), channel, Json.write(point));
        context.forward(new ChannelEvent(event, nowMs).to(channel), CHANNEL_SINK);
    }

    private static SeriesPoint point(WindowKey key, Window window, String label) {
        return new SeriesPoint(
                key.metric(),
                label,
                Instant.ofEpochMilli(key.startMs()),
                window.count(),
                window.sum(),
                window.min(),
                window.max(),
                window.mean(),
                window.first(),
                window.last(),
                Instant.EPOCH.plus(window.lastAtUs(), ChronoUnit.MICROS),
                window.quantile(0.5),
                window.quantile(0.95),
                window.quantile(0.99));
    }

    @Override
    public void late() {
        sensors.late().record();
    }

    @Override
    public void ahead() {
        sensors.ahead().record();
    }
}
