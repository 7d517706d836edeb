package io.tailrace.search;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.json.jackson.JacksonJsonpMapper;
import co.elastic.clients.transport.ElasticsearchTransport;
import co.elastic.clients.transport.instrumentation.NoopInstrumentation;
import co.elastic.clients.transport.rest_client.RestClientOptions;
import co.elastic.clients.transport.rest_client.RestClientTransport;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.configuration.kafka.annotation.KafkaClient;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.micronaut.elasticsearch.DefaultElasticsearchClientFactory;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.broker.ConsumerBeans;
import io.tailrace.kit.consume.DeadLetterSender;
import io.tailrace.kit.consume.LoopHealth;
import io.tailrace.kit.consume.LoopThreads;
import io.tailrace.kit.consume.TopicLookup;
import io.tailrace.kit.job.config.WorkersGroup;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.kafka.TopicProvisioner;
import io.tailrace.search.document.PostIndex;
import io.tailrace.search.document.ShowIndex;
import io.tailrace.search.document.UserIndex;
import io.tailrace.search.drive.Comparison;
import io.tailrace.search.drive.IndexLoop;
import io.tailrace.search.drive.KafkaClients;
import io.tailrace.search.drive.Notices;
import io.tailrace.search.drive.Reindexing;
import io.tailrace.search.index.BulkWriter;
import io.tailrace.search.index.Capabilities;
import io.tailrace.search.index.Documents;
import io.tailrace.search.index.IndexKeeper;
import io.tailrace.search.index.Rebuilds;
import io.tailrace.search.index.Templates;
import io.tailrace.search.query.AuditLog;
import io.tailrace.search.query.Indexes;
import io.tailrace.search.query.Searcher;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;
import org.apache.kafka.clients.producer.Producer;
import org.elasticsearch.client.RequestOptions;
import org.elasticsearch.client.RestClient;

/** Puts the indexes together with the servers that they stand between. */
@Factory
final class SearchFactory {
    /** False in commands that have a work of their own. */
    static final String INDEXING = "tailrace.search.indexing";

    /**
     * Reads with a mapper of its own: the application's is strict with what strangers send, and reads one value from a
     * stream as if it were all of it, which the answers of Elasticsearch are not.
     */
    @Singleton
    @Bean(preDestroy = "close")
    @Replaces(value = ElasticsearchTransport.class, factory = DefaultElasticsearchClientFactory.class)
    ElasticsearchTransport elasticsearchTransport(RestClient client) {
        // Without it the transport looks for a global OpenTelemetry, which nobody sets here, and that says so on
        // stderr.
        return new RestClientTransport(
                client,
                new JacksonJsonpMapper(new ObjectMapper()),
                new RestClientOptions(RequestOptions.DEFAULT, false),
                NoopInstrumentation.INSTANCE);
    }

    @Singleton
    Indexes indexes() {
        return new Indexes(List.of(new UserIndex(), new PostIndex(), new ShowIndex()));
    }

    @Singleton
    KafkaClients searchKafkaClients(KafkaSettings kafka, ConsumerBeans consumers, SearchSettings settings) {
        return new KafkaClients(kafka, consumers, settings);
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
    DeadLetterSender searchDeadLetterSender(
            @KafkaClient(SearchProducers.DEAD_LETTERS) Producer<byte[], byte[]> producer) {
        return new DeadLetterSender(producer);
    }

    @Singleton
    IndexKeeper indexKeeper(ElasticsearchClient client, RestClient rest, SearchSettings settings) {
        return new IndexKeeper(client, new Templates(client), new Capabilities(rest), settings.indexPrefix());
    }

    @Singleton
    @Bean(preDestroy = "close")
    AuditLog auditLog(@KafkaClient(SearchProducers.AUDIT) Producer<byte[], byte[]> producer, SearchSettings settings) {
        return new AuditLog(producer, InstantSource.system(), settings.retryAfter());
    }

    @Singleton
    @Bean(preDestroy = "close")
    Notices notices(@KafkaClient(SearchProducers.NOTICES) Producer<byte[], byte[]> producer, Namespaces namespaces) {
        return new Notices(producer, namespaces, InstantSource.system());
    }

    @Singleton
    Searcher searcher(ElasticsearchClient client, IndexKeeper keeper, MeterRegistry registry, SearchSettings settings) {
        return new Searcher(client, keeper, registry, settings);
    }

    @Singleton
    Reindexing reindexing(ElasticsearchClient client, IndexKeeper keeper, IndexLoop.Ports ports) {
        return new Reindexing(new Rebuilds(client, keeper), ports);
    }

    @Singleton
    Comparison comparison(
            ElasticsearchClient client, IndexKeeper keeper, KafkaClients clients, @Named("search") TopicLookup topics) {
        return new Comparison(new Documents(client, keeper), clients, topics);
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
    @Requires(property = INDEXING, notEquals = "false")
    LoopThreads indexers(
            Indexes indexes,
            IndexLoop.Ports ports,
            Notices notices,
            TopicProvisioner provisioner,
            Namespaces namespaces) {
        SearchSettings settings = ports.settings();
        LoopThreads threads = new LoopThreads(
                "index",
                indexes.all().stream()
                        .map(index -> IndexLoop.of(index, ports, notices))
                        .toList(),
                () -> provisioner.provision(Topics.all(namespaces)),
                settings.retryLongest(),
                settings.stopTimeout());
        threads.bindTo(ports.registry());
        threads.start();
        return threads;
    }

    /** Jobs are run where the indexes are; not by commands. */
    @Singleton
    @Named("search")
    @Requires(property = INDEXING, notEquals = "false")
    WorkersGroup searchGroup() {
        return new WorkersGroup("search");
    }

    @Singleton
    @Named("search-indexer")
    @Requires(property = INDEXING, notEquals = "false")
    HealthIndicator indexersHealth(@Named("search") LoopThreads threads) {
        return new LoopHealth("search-indexer", threads.loops());
    }
}
