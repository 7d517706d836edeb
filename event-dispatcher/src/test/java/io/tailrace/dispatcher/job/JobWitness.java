package io.tailrace.dispatcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.job.JobQueue;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.contracts.job.QueueLimits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Follows what is told of jobs, in the order of the log, and objects to whatever must not be. Knows nothing of the book. */
final class JobWitness {
    private final JobQueues queues;
    private final Map<UUID, Life> lives = new HashMap<>();
    private final Set<String> paused = new HashSet<>();

    /** Of queues and keys whose rate never changes. */
    private final Map<String, List<Long>> releases = new HashMap<>();

    private static final class Life {
        long token;
        int attempt;
        boolean running;
        boolean over;
        final List<String> outcomes = new ArrayList<>();
    }

    JobWitness(JobQueues queues) {
        this.queues = queues;
    }

    /** Every job that was there, and whether it is over. */
    Map<UUID, Boolean> jobs() {
        Map<UUID, Boolean> jobs = new HashMap<>();
        lives.forEach((id, life) -> jobs.put(id, life.over));
        return jobs;
    }

    void see(JobEffect effect, long nowMs) {
        switch (effect) {
            case JobEffect.OfJob ofJob -> see(ofJob);
            case JobEffect.Released(StoredJob job, String payload, long _) -> released(job, payload, nowMs);
            case JobEffect.QueueChanged(QueueState queue, var _) -> {
                var unused = queue.paused() ? paused.add(queue.name()) : paused.remove(queue.name());
            }
            case JobEffect.Answered answered -> {
                StoredJob job = answered.job();
                assertThat(job == null || lives.containsKey(job.id())).isTrue();
            }
        }
    }

    private void see(JobEffect.OfJob effect) {
        StoredJob job = effect.job();
        Life life = lives.computeIfAbsent(job.id(), _ -> new Life());
        switch (effect) {
            case JobEffect.Scheduled(var _, var _, String payload) -> {
                assertThat(life.running)
                        .as("%s is scheduled while it runs", job)
                        .isFalse();
                if (payload != null) {
                    // A command of a job that was forgotten may come again.
                    assertThat(life.over || life.token == 0)
                            .as("%s is new twice", job)
                            .isTrue();
                    lives.put(job.id(), new Life());
                }
                life.over = false;
            }
            case JobEffect.Started(var _, var _) -> {
                assertThat(life.running || life.over)
                        .as("%s may not start", job)
                        .isFalse();
                assertThat(paused).doesNotContain(job.queue());
                assertThat(job.token()).isEqualTo(life.token);
                assertThat(job.attempt()).isEqualTo(life.attempt + 1);
                life.attempt++;
                life.running = true;
            }
            case JobEffect.Progressed(var _, var _, var _) ->
                assertThat(life.running).isTrue();
            case JobEffect.Retrying(var _, var _, var error) -> ends(life, job, error.type(), false);
            case JobEffect.Succeeded(var _, var _, var _) -> ends(life, job, "succeeded", true);
            case JobEffect.Dead(var _, var _, var error) -> ends(life, job, error.type(), true);
            case JobEffect.Cancelled(var _, var _) -> {
                if (life.running) {
                    ends(life, job, "cancelled", true);
                }
                assertThat(life.outcomes).hasSize(life.attempt);
                life.over = true;
            }
        }
    }

    private static void ends(Life life, StoredJob job, String outcome, boolean over) {
        assertThat(life.running)
                .as("%s ends with %s, and does not run", job, outcome)
                .isTrue();
        life.outcomes.add(outcome);
        assertThat(life.outcomes).as("one outcome for each attempt of %s", job).hasSize(job.attempt());
        life.running = false;
        life.over = over;
    }

    private void released(StoredJob job, String payload, long nowMs) {
        Life life = lives.getOrDefault(job.id(), new Life());
        assertThat(life.running || life.over).as("%s may not be released", job).isFalse();
        assertThat(paused).doesNotContain(job.queue());
        assertThat(job.token()).isEqualTo(life.token + 1);
        assertThat(payload).isEqualTo(payload(job.id()));
        life.token++;
        QueueLimits limits = queues.of(job.queue()).map(JobQueue::limits).orElseThrow();
        paced(job.queue(), limits.ratePerSecond(), nowMs);
        if (job.key() != null) {
            paced(job.key().toString(), limits.keyRatePerSecond(), nowMs);
        }
    }

    private void paced(String what, double perSecond, long nowMs) {
        if (perSecond == 0) {
            return;
        }
        List<Long> times = releases.computeIfAbsent(what, _ -> new ArrayList<>());
        times.add(nowMs);
        for (int first = 0; first < times.size(); first++) {
            double seconds = (nowMs - times.get(first)) / 1000.0;
            assertThat(times.size() - first)
                    .as("releases of %s within %s s", what, seconds)
                    .isLessThanOrEqualTo((int) (perSecond * seconds + QueueLimits.burst(perSecond) + 1e-9));
        }
    }

    /** What the payload of a job has to be. */
    static String payload(UUID id) {
        return "{\"job\":" + Effects.number(id) + "}";
    }

    /** Of the jobs that are not over, one. */
    @Nullable
    UUID anyOpen() {
        return lives.entrySet().stream()
                .filter(entry -> !entry.getValue().over)
                .map(Map.Entry::getKey)
                .min(UUID::compareTo)
                .orElse(null);
    }
}
