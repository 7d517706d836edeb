package io.tailrace.kit.broker;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.configuration.kafka.metrics.AbstractKafkaMetricsReporter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.metrics.KafkaMetric;

/**
 * Which numbers of a Kafka client are shown: those of the client as a whole. Kafka gives the same names to numbers of a topic, a
 * partition or a broker, with more tags, which a Prometheus registry refuses; and there may be very many of them.
 */
final class ClientMeters {
    private static final Set<String> CLIENT = Set.of(AbstractKafkaMetricsReporter.CLIENT_ID_TAG);

    private ClientMeters() {}

    static boolean isShown(KafkaMetric metric) {
        return metric.metricName().tags().keySet().equals(CLIENT);
    }

    /**
     * Takes the numbers of an earlier client of the same id out of the registry, which otherwise keeps them, and with them the
     * client, and takes none of this one.
     *
     * @param configs of the client that is being made
     * @param prefix of the numbers' names
     */
    static void replaceEarlier(Map<String, ?> configs, String prefix) {
        if (configs.get("meter.registry") instanceof MeterRegistry registry) {
            String clientId = String.valueOf(configs.get(CommonClientConfigs.CLIENT_ID_CONFIG));
            List<Meter> earlier = registry.getMeters().stream()
                    .filter(meter -> meter.getId().getName().startsWith(prefix)
                            && clientId.equals(meter.getId().getTag(AbstractKafkaMetricsReporter.CLIENT_ID_TAG)))
                    .toList();
            earlier.forEach(registry::remove);
        }
    }
}
