package io.tailrace.workers.answer;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.kit.job.runtime.Workers;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.outbound.OutboundHttp;
import io.tailrace.workers.testing.TestHttp;
import io.tailrace.workers.testing.TestWorkers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.KafkaProducer;

/** Runs jobs of answers until it is told to end: the program of a process that tests kill and freeze. */
final class AnswerWorker {
    private AnswerWorker() {}

    /**
     * Runs them.
     *
     * @param args the broker, the group of workers, and the address of the provider
     */
    public static void main(String[] args) throws InterruptedException {
        Duration patience = Duration.ofSeconds(60);
        KafkaSettings kafka = KafkaSettings.of(args[0]);
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(kafka.producer("test-answers"));
        OutboundHttp http = TestHttp.client(new SimpleMeterRegistry());
        AnswerHandler handler = TestAnswers.handler(
                http,
                TestAnswers.settings(patience, patience),
                TestAnswers.MODELS.formatted(args[2], args[2]),
                producer);
        Workers workers = TestWorkers.alone(kafka, producer, args[1], handler);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            workers.close();
            producer.close();
            http.close();
        }));
        workers.start();
        new CountDownLatch(1).await();
    }
}
