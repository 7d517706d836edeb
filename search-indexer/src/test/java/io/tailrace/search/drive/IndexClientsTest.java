package io.tailrace.search.drive;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.backends.FaultyConsumers;
import io.tailrace.backends.FaultyConsumers.Fault;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.event.PostPublished;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.broker.ConsumerBeans;
import io.tailrace.kit.consume.Condition;
import io.tailrace.kit.consume.ConsumerLoop;
import io.tailrace.kit.kafka.TopicProvisioner;
import io.tailrace.search.SearchSettings;
import io.tailrace.search.document.PostIndex;
import io.tailrace.search.index.Incarnation;
import io.tailrace.search.testing.TestBroker;
import io.tailrace.search.testing.TestService;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of the loop of an index whose consumer fails, with real servers. */
@Timeout(300)
@SuppressWarnings("NullAway.Init")
@Tag("server")
class IndexClientsTest {
    private TestService service;
    private Clients clients;
    private ConsumerLoop loop;
    private Thread thread;

    private static final class Clients extends KafkaClients {
        private final KafkaClients real;
        private final FaultyConsumers consumers = new FaultyConsumers(this::make);
        private volatile Incarnation incarnation;

        Clients(KafkaClients real, ConsumerBeans consumers, SearchSettings settings) {
            super(TestBroker.shared().settings(), consumers, settings);
            this.real = real;
        }

        @Override
        Consumer<byte[], byte[]> consumer(Incarnation of) {
            incarnation = of;
            return consumers.get();
        }

        private Consumer<byte[], byte[]> make() {
            return real.consumer(incarnation);
        }
    }

    @BeforeEach
    void start() {
        service = TestService.start("t" + UUID.randomUUID() + "-", Map.of("tailrace.search.indexing", "false"));
        var unused = service.bean(TopicProvisioner.class).provision(Topics.all(Namespaces.builtIn()));
        IndexLoop.Ports ports = service.bean(IndexLoop.Ports.class);
        clients = new Clients(ports.clients(), service.bean(ConsumerBeans.class), ports.settings());
        loop = IndexLoop.of(
                new PostIndex(),
                new IndexLoop.Ports(
                        ports.keeper(),
                        ports.writer(),
                        clients,
                        ports.topics(),
                        ports.deadLetters(),
                        ports.registry(),
                        ports.settings()),
                service.bean(Notices.class));
        thread = Thread.ofPlatform().daemon().name("index-posts").unstarted(loop);
    }

    @AfterEach
    void stop() throws InterruptedException {
        loop.stop();
        Eventually.ends("the loop ends", thread);
        service.close();
        assertThat(loop.condition()).isEqualTo(new Condition.Stopped());
    }

    @Test
    void indexesWhenAConsumerCanBeMadeAtLast() {
        clients.consumers.fail(Fault.CONSTRUCTION);
        thread.start();
        awaitRetrying();

        clients.consumers.fail(Fault.NONE);

        awaitIndexing();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"POLL", "POLL_BY_ERROR"})
    void goesOnWithAConsumerThatPolls(Fault fault) {
        thread.start();
        awaitIndexing();
        clients.consumers.failToClose();

        clients.consumers.fail(fault);
        awaitRetrying();
        clients.consumers.fail(Fault.CONSTRUCTION);
        awaitReason("No resolvable bootstrap");
        clients.consumers.fail(Fault.NONE);

        awaitIndexing();
    }

    private void awaitRetrying() {
        awaitReason("");
    }

    private void awaitReason(String part) {
        Eventually.holds(
                "health shows it",
                () -> loop.condition() instanceof Condition.Retrying retrying
                        && retrying.reason().contains(part));
    }

    private void awaitIndexing() {
        String word = "w" + UUID.randomUUID().toString().replace("-", "");
        PostPublished post = TestService.post(word);
        Eventually.holds("it is found", () -> service.found("posts", word)
                .equals(java.util.List.of(post.id().toString())));
        Eventually.holds("it is well", () -> loop.condition() instanceof Condition.Running);
    }
}
