package io.tailrace.kit.apikey;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.identity.UuidV7;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventRecords;
import io.tailrace.kit.kafka.KafkaSettings;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Makes, lists and revokes keys, in the log and nowhere else.
 *
 * @param kafka how to reach the log
 * @param clock by which keys are dated
 * @param out what was asked for
 * @param err why it was not done
 */
public record ApiKeyCommand(KafkaSettings kafka, InstantSource clock, PrintWriter out, PrintWriter err) {
    private static final String CLIENT = "api-key-command";
    private static final String SOURCE = "/tailrace/apikey";
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int OK = 0;
    private static final int REFUSED = 1;

    /** Runs it; 0: done, 1: not done. */
    public int run(ApiKeyArguments arguments) {
        try {
            return switch (arguments) {
                case ApiKeyArguments.Create wanted -> create(wanted);
                case ApiKeyArguments.ListKeys list -> list();
                case ApiKeyArguments.Revoke(String id) -> revoke(id);
            };
        } catch (ExecutionException | TimeoutException | org.apache.kafka.common.KafkaException e) {
            err.println("apikey: the log does not answer: " + e.getMessage());
            return REFUSED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return REFUSED;
        }
    }

    private int create(ApiKeyArguments.Create wanted)
            throws ExecutionException, InterruptedException, TimeoutException {
        SecureRandom random = new SecureRandom();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Duration lifetime = wanted.lifetime();
        ApiKey key;
        try {
            key = new ApiKey(
                    new UuidV7(clock, random).next(),
                    wanted.subject(),
                    wanted.roles(),
                    wanted.subscribe(),
                    wanted.publish(),
                    wanted.jobs(),
                    now,
                    lifetime == null ? null : now.plus(lifetime));
        } catch (IllegalArgumentException e) {
            err.println("apikey: " + e.getMessage());
            return REFUSED;
        }
        String text = ApiKeyText.generate(random);
        String recordKey = FactKeys.of(key.subject(), ApiKeyText.hash(text));
        send(EventRecords.toRecord(
                Topics.API_KEYS,
                FactKeys.partition(recordKey),
                recordKey,
                event(EventTypes.API_KEY_CREATED, Json.write(key))));
        out.println(text);
        return OK;
    }

    private int list() {
        read().all().stream().sorted(Comparator.comparing(ApiKey::createdAt)).forEach(key -> out.println(line(key)));
        return OK;
    }

    private String line(ApiKey key) {
        Instant end = key.expiresAt();
        return key.id() + "  " + key.subject() + "  created " + key.createdAt()
                + (end == null ? "" : (key.isExpired(clock.instant()) ? "  expired " : "  until ") + end)
                + words("role", key.roles()) + words("subscribe", key.subscribe()) + words("publish", key.publish())
                + words("job", key.jobs());
    }

    private static String words(String option, List<String> values) {
        return values.isEmpty() ? "" : "  " + option + " " + String.join(",", values);
    }

    private int revoke(String id) throws ExecutionException, InterruptedException, TimeoutException {
        Optional<String> recordKey = read().recordKey(id);
        if (recordKey.isEmpty()) {
            err.println("apikey: there is no key with the id " + id);
            return REFUSED;
        }
        send(EventRecords.toTombstone(
                Topics.API_KEYS,
                FactKeys.partition(recordKey.get()),
                recordKey.get(),
                event(EventTypes.API_KEY_REVOKED, "{}".getBytes(StandardCharsets.UTF_8))));
        out.println("revoked " + id);
        return OK;
    }

    private KnownKeys read() {
        KnownKeys keys = new KnownKeys();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.reader(CLIENT))) {
            KeyTopic topic = KeyTopic.begin(consumer);
            while (topic != null && !topic.isCaughtUp()) {
                topic.poll(POLL, keys, key -> {});
            }
        }
        return keys;
    }

    private void send(ProducerRecord<byte[], byte[]> record)
            throws ExecutionException, InterruptedException, TimeoutException {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(kafka.producer(CLIENT))) {
            var unused = producer.send(record).get(WAIT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private Event event(String type, byte[] data) {
        return new Event(
                new UuidV7(clock, new SecureRandom()).next().toString(), type, SOURCE, clock.instant(), null, data);
    }
}
