package io.tailrace.edge.simulation;

import io.tailrace.edge.log.EpochEnds;
import io.tailrace.edge.log.LogFacts;
import io.tailrace.edge.simulation.SimLog.Partition;
import io.tailrace.edge.window.PartitionFacts;
import io.tailrace.edge.window.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** Brokers that answer the questions of one edge late, in any order, with what was or is true, or not at all. */
final class SimBrokers implements LogFacts, EpochEnds {
    private final SimLog log;
    private final Random random;
    private final List<Runnable> unanswered = new ArrayList<>();
    private final boolean prompt;
    private boolean chaos;

    SimBrokers(SimLog log, Random random) {
        this(log, random, false);
    }

    private SimBrokers(SimLog log, Random random, boolean prompt) {
        this.log = log;
        this.random = random;
        this.prompt = prompt;
        this.chaos = !prompt;
    }

    /** Brokers that answer at once. */
    static SimBrokers prompt(SimLog log, Random random) {
        return new SimBrokers(log, random, true);
    }

    void setChaos(boolean chaos) {
        this.chaos = chaos;
    }

    /** Answers a question, if there is one. */
    boolean answerOne() {
        if (unanswered.isEmpty()) {
            return false;
        }
        unanswered.remove(random.nextInt(unanswered.size())).run();
        return true;
    }

    @Override
    public CompletionStage<TopicState> topic(int namespace) {
        return answer(() -> {
            Set<Integer> leaderless = new HashSet<>();
            Partition any = log.current(new PartitionId(namespace, 0));
            for (Partition partition : log.partitions()) {
                if (partition.id.namespace() == namespace && chaos && random.nextInt(8) == 0) {
                    leaderless.add(partition.id.partition());
                }
            }
            return new TopicState(any.generation, leaderless);
        });
    }

    @Override
    public CompletionStage<PartitionFacts> facts(PartitionId partition) {
        return answer(() -> log.current(partition).facts());
    }

    @Override
    public CompletionStage<Long> start(PartitionId partition) {
        return answer(() -> log.current(partition).logStart);
    }

    @Override
    public CompletionStage<Map<PartitionId, Long>> starts(Collection<PartitionId> partitions) {
        return ofThoseThatAnswer(partitions, partition -> partition.logStart);
    }

    @Override
    public CompletionStage<Map<PartitionId, Integer>> leaderEpochs(Collection<PartitionId> partitions) {
        return ofThoseThatAnswer(partitions, partition -> partition.leaderEpoch);
    }

    private <T> CompletionStage<Map<PartitionId, T>> ofThoseThatAnswer(
            Collection<PartitionId> partitions, Function<Partition, T> question) {
        Map<PartitionId, T> known = new TreeMap<>();
        partitions.stream()
                .filter(partition -> !chaos || random.nextInt(4) > 0)
                .forEach(partition -> known.put(partition, question.apply(log.current(partition))));
        CompletableFuture<Map<PartitionId, T>> answer = new CompletableFuture<>();
        later(() -> answer.complete(known));
        return answer;
    }

    @Override
    public CompletionStage<EpochEnd> end(PartitionId id, int epoch, int leaderEpoch) {
        return answer(() -> {
            Partition partition = log.current(id);
            if (epoch > partition.leaderEpoch) {
                throw new IllegalArgumentException("epoch " + epoch + " never was");
            }
            return partition.epochEnd(epoch);
        });
    }

    private <T> CompletionStage<T> answer(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        T before = null;
        try {
            before = chaos && random.nextBoolean() ? question.get() : null;
        } catch (IllegalArgumentException e) {
            answer.completeExceptionally(e);
        }
        T known = before;
        later(() -> {
            if (chaos && random.nextInt(8) == 0) {
                answer.completeExceptionally(new IllegalStateException("simulated"));
                return;
            }
            try {
                answer.complete(known == null ? question.get() : known);
            } catch (IllegalArgumentException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    private void later(Runnable answer) {
        if (prompt) {
            answer.run();
        } else {
            unanswered.add(answer);
        }
    }
}
