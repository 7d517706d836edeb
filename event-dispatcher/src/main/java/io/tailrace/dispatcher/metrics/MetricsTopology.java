package io.tailrace.dispatcher.metrics;

import io.tailrace.dispatcher.channel.ByteNodes;
import io.tailrace.dispatcher.channel.ChannelEvent;
import io.tailrace.dispatcher.channel.RecentEvents;
import io.tailrace.dispatcher.poison.DeadLetterForm;
import io.tailrace.dispatcher.poison.FactProcessor;
import io.tailrace.dispatcher.poison.FactReader;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * Metrics and their readings to the one channel that shows them.
 *
 * <pre>
 * metrics ─── route-metric ───┐
 *               (recent-ids)  ├── metrics-channel
 * readings ── route-reading ──┘── dead-letters
 * </pre>
 *
 * <p>One task has a metric and its readings, so the channel shows a metric before its first reading.
 *
 * <p>The store of recent ids has a second use: an application without a store gets a new process id at every start, and
 * with it new transactional ids, so that after a crash nobody would fence the transaction that the dead process left
 * open, and readers would wait for it to time out.
 *
 * <p>The names of nodes and stores are part of the running application: a change needs a new version of the
 * application's id.
 */
public final class MetricsTopology {
    private static final String CHANNEL = "metrics";
    private static final String METRICS_SOURCE = "metrics";
    private static final String READINGS_SOURCE = "readings";
    private static final String ROUTE_METRIC = "route-metric";
    private static final String ROUTE_READING = "route-reading";
    private static final String CHANNEL_SINK = "metrics-channel";
    private static final String RECENT_IDS = "recent-ids";

    private MetricsTopology() {}

    /**
     * The topology that production runs.
     *
     * @param form the form of a dead letter; its topic is where they go
     */
    public static Topology build(MetricsTopics topics, MetricsSettings settings, DeadLetterForm form) {
        FactReader reader = new FactReader(settings.maxEventBytes(), settings.factPartitions());
        Topology topology = new Topology();
        ByteNodes.source(topology, METRICS_SOURCE, topics.metrics());
        ByteNodes.source(topology, READINGS_SOURCE, topics.readings());
        topology.addProcessor(
                ROUTE_METRIC,
                () -> new FactProcessor<>(
                        record -> MetricFact.readMetric(reader, record), form, context -> route(context, settings)),
                METRICS_SOURCE);
        topology.addProcessor(
                ROUTE_READING,
                () -> new FactProcessor<>(
                        record -> MetricFact.readReading(reader, record), form, context -> route(context, settings)),
                READINGS_SOURCE);
        topology.addStateStore(RecentEvents.store(RECENT_IDS, settings.repeatWindow()), ROUTE_METRIC, ROUTE_READING);
        ByteNodes.sink(topology, CHANNEL_SINK, topics.metricsChannel(), ROUTE_METRIC, ROUTE_READING);
        ByteNodes.sink(topology, FactProcessor.DEAD_LETTERS_SINK, form.topic(), ROUTE_METRIC, ROUTE_READING);
        return topology;
    }

    private static FactProcessor.Application<MetricFact> route(
            ProcessorContext<byte[], byte[]> context, MetricsSettings settings) {
        RecentEvents recent = RecentEvents.of(context, RECENT_IDS, settings.repeatWindow());
        return (fact, timestampMs) -> {
            if (!fact.isRepeated() && recent.note(fact.id(), timestampMs)) {
                context.forward(new ChannelEvent(fact.event(), timestampMs).to(CHANNEL), CHANNEL_SINK);
            }
        };
    }
}
