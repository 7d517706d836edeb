package io.tailrace.backends;

import java.util.Map;

/** Servers on this machine, from the archives that Maven has. */
final class EmbeddedBackends implements Backends {
    @Override
    public KafkaCluster kafka(int brokers, Map<String, String> settings) {
        return new EmbeddedKafka(brokers, settings);
    }

    @Override
    public Server postgres() {
        return new EmbeddedPostgresServer();
    }

    @Override
    public Server redis() {
        return new EmbeddedRedis();
    }

    @Override
    public ErasableServer elasticsearch() {
        return new EmbeddedElasticsearch();
    }
}
