package io.tailrace.search;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.json.jackson.JacksonJsonpMapper;
import co.elastic.clients.transport.ElasticsearchTransport;
import co.elastic.clients.transport.rest_client.RestClientTransport;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.elasticsearch.DefaultElasticsearchClientFactory;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.DeadLetterSender;
import io.tailrace.kit.consume.LoopHealth;
import io.tailrace.kit.consume.LoopThreads;
import io.tailrace.kit.consume.TopicLookup;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.kafka.TopicProvisioner;
import io.tailrace.search.document.PostIndex;
import io.tailrace.search.document.UserIndex;
import io.tailrace.search.drive.IndexLoop;
import io.tailrace.search.drive.KafkaClients;
import io.tailrace.search.index.BulkWriter;
import io.tailrace.search.index.IndexKeeper;
import io.tailrace.search.query.Indexes;
import io.tailrace.search.query.Searcher;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import org.elasticsearch.client.RestClient;

/** Puts the indexes together with the servers that they stand between. */
@Factory
final class SearchFactory {
    /**
     * Reads with a mapper of its own: the application's is strict with what strangers send, and reads one value from a
     * stream as if it were all of it, which the answers of Elasticsearch are not.
     */
    @Singleton
    @Bean(preDestroy = "close")
    @Replaces(value = ElasticsearchTransport.class, factory = DefaultElasticsearchClientFactory.class)
    ElasticsearchTransport elasticsearchTransport(RestClient client) {
        return new RestClientTransport(client, new JacksonJsonpMapper(new ObjectMapper()));
    }

    @Singleton
    Indexes indexes() {
        return new Indexes(List.of(new UserIndex(), new PostIndex()));
    }

    @Singleton
    KafkaClients searchKafkaClients(KafkaSettings kafka, SearchSettings settings) {
        return new KafkaClients(kafka, settings);
    }

    @Singleton
    @Named("search")
    @Bean(preDestroy = "close")
    TopicLookup searchTopicLookup(KafkaClients clients) {
        return new TopicLookup(clients.admin());
    }

    @Singleton
    @Named("search")
    @Bean(preDestroy = "close")
    DeadLetterSender searchDeadLetterSender(KafkaClients clients) {
        return new DeadLetterSender(clients.producer());
    }

    @Singleton
    IndexKeeper indexKeeper(ElasticsearchClient client, SearchSettings settings) {
        return new IndexKeeper(client, settings.indexPrefix());
    }

    @Singleton
    Searcher searcher(ElasticsearchClient client, IndexKeeper keeper, MeterRegistry registry, SearchSettings settings) {
        return new Searcher(client, keeper, registry, settings);
    }

    @Singleton
    IndexLoop.Ports ports(
            IndexKeeper keeper,
            ElasticsearchClient client,
            KafkaClients clients,
            @Named("search") TopicLookup topics,
            @Named("search") DeadLetterSender deadLetters,
            MeterRegistry registry,
            SearchSettings settings) {
        return new IndexLoop.Ports(keeper, new BulkWriter(client), clients, topics, deadLetters, registry, settings);
    }

    /** Begun with the application, ended with it. */
    @Context
    @Named("search")
    @Bean(preDestroy = "close")
    LoopThreads indexers(Indexes indexes, IndexLoop.Ports ports, TopicProvisioner provisioner, Namespaces namespaces) {
        SearchSettings settings = ports.settings();
        LoopThreads threads = new LoopThreads(
                "index",
                indexes.all().stream().map(index -> new IndexLoop(index, ports)).toList(),
                () -> provisioner.provision(Topics.all(namespaces)),
                settings.retryLongest(),
                settings.stopTimeout());
        threads.start();
        return threads;
    }

    @Singleton
    @Named("search-indexer")
    HealthIndicator indexersHealth(@Named("search") LoopThreads threads) {
        return new LoopHealth("search-indexer", threads.loops());
    }
}
