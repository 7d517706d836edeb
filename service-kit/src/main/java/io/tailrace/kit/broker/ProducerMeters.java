package io.tailrace.kit.broker;

import io.micronaut.configuration.kafka.metrics.ProducerKafkaMetricsReporter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.metrics.KafkaMetric;

/** The numbers of a producer, as micronaut-kafka names them. Made by Kafka, by its name. */
public final class ProducerMeters extends ProducerKafkaMetricsReporter {
    @Override
    public void configure(Map<String, ?> configs) {
        ClientMeters.replaceEarlier(configs, getMetricPrefix() + ".");
        super.configure(configs);
    }

    @Override
    public void init(List<KafkaMetric> metrics) {
        super.init(
                new ArrayList<>(metrics.stream().filter(ClientMeters::isShown).toList()));
    }

    @Override
    public void metricChange(KafkaMetric metric) {
        if (ClientMeters.isShown(metric)) {
            super.metricChange(metric);
        }
    }
}
