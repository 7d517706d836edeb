package io.tailrace.standalone.backend;

import io.tailrace.standalone.supervision.CoordinatorWatch.Answer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTransactionsOptions;
import org.apache.kafka.clients.admin.DescribeTransactionsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.Utils;

/**
 * Asks every coordinator of a broker on this machine whether it works. Each partition of {@code __consumer_offsets} and of
 * {@code __transaction_state} has one, and is asked for a group or a transactional id that nobody has and that falls to it:
 * that changes nothing, and it covers every group whatever its name. "I do not know it" is the answer of one that works; one
 * that loads or has failed lets its client try again until the time is over.
 *
 * @param port where the broker listens
 * @param limitMs how long one question may take, milliseconds; a round is three of them at most
 */
public record KafkaCoordinators(int port, int limitMs) {
    /** Where groups have their offsets. */
    static final String OFFSETS = "__consumer_offsets";

    /** Where producers have their transactions. */
    static final String TRANSACTIONS = "__transaction_state";

    private static final String HOST = "127.0.0.1";
    private static final String STRANGER = "tailrace-coordinator-watch-";

    /** One round of questions. Opens its own connection, and none while nobody listens. */
    public Answer ask() throws InterruptedException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(HOST, port), limitMs);
        } catch (IOException e) {
            return new Answer.Silence();
        }
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                HOST + ":" + port,
                "client.id",
                "coordinator-watch",
                "request.timeout.ms",
                limitMs,
                "default.api.timeout.ms",
                limitMs);
        try (Admin admin = Admin.create(settings)) {
            SortedSet<String> unable = unable(admin, partitions(admin));
            if (!unable.isEmpty()) {
                // It may have gone, or become too slow for anybody, while it was asked.
                var unused = partitions(admin);
            }
            return new Answer.Answered(unable);
        } catch (ExecutionException | KafkaException e) {
            return new Answer.Silence();
        }
    }

    /** How many partitions each of the topics has; one that does not exist yet has none. */
    private Map<String, Integer> partitions(Admin admin) throws ExecutionException, InterruptedException {
        Map<String, KafkaFuture<TopicDescription>> asked = admin.describeTopics(
                        List.of(OFFSETS, TRANSACTIONS), new DescribeTopicsOptions().timeoutMs(limitMs))
                .topicNameValues();
        Map<String, Integer> partitions = new HashMap<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> topic : asked.entrySet()) {
            try {
                partitions.put(
                        topic.getKey(), topic.getValue().get().partitions().size());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
        return partitions;
    }

    private SortedSet<String> unable(Admin admin, Map<String, Integer> partitions) throws InterruptedException {
        Map<String, KafkaFuture<?>> asked = new TreeMap<>();
        List<String> groups = strangers(partitions.getOrDefault(OFFSETS, 0));
        if (!groups.isEmpty()) {
            Map<String, ListConsumerGroupOffsetsSpec> specs = new HashMap<>();
            groups.forEach(group -> specs.put(group, new ListConsumerGroupOffsetsSpec()));
            ListConsumerGroupOffsetsResult offsets =
                    admin.listConsumerGroupOffsets(specs, new ListConsumerGroupOffsetsOptions().timeoutMs(limitMs));
            for (int i = 0; i < groups.size(); i++) {
                asked.put(OFFSETS + "-" + i, offsets.partitionsToOffsetAndMetadata(groups.get(i)));
            }
        }
        List<String> ids = strangers(partitions.getOrDefault(TRANSACTIONS, 0));
        if (!ids.isEmpty()) {
            DescribeTransactionsResult transactions =
                    admin.describeTransactions(ids, new DescribeTransactionsOptions().timeoutMs(limitMs));
            for (int i = 0; i < ids.size(); i++) {
                asked.put(TRANSACTIONS + "-" + i, transactions.description(ids.get(i)));
            }
        }
        SortedSet<String> unable = new TreeSet<>();
        for (Map.Entry<String, KafkaFuture<?>> coordinator : asked.entrySet()) {
            if (!works(coordinator.getValue())) {
                unable.add(coordinator.getKey());
            }
        }
        return unable;
    }

    private static boolean works(KafkaFuture<?> answer) throws InterruptedException {
        try {
            var unused = answer.get();
            return true;
        } catch (ExecutionException e) {
            return !(e.getCause() instanceof RetriableException);
        }
    }

    /** One name for each partition, by the rule of both coordinators: the name's hash. */
    private static List<String> strangers(int partitions) {
        Map<Integer, String> names = new TreeMap<>();
        for (int i = 0; names.size() < partitions; i++) {
            String name = STRANGER + i;
            names.putIfAbsent(Utils.abs(name.hashCode()) % partitions, name);
        }
        return List.copyOf(names.values());
    }
}
