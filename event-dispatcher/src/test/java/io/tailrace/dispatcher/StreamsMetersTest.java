package io.tailrace.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micronaut.context.ApplicationContext;
import io.tailrace.backends.Eventually;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.dispatcher.testing.Facts;
import io.tailrace.dispatcher.testing.TestBroker;
import io.tailrace.kit.boot.ServiceBoot;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the dispatcher counts, as Prometheus reads it. */
@Tag("server")
class StreamsMetersTest {
    private static final Map<String, List<String>> COUNTED = Map.of(
            "feed",
            List.of("delivered", "not_fanned_out", "in_turns", "turns_ended", "repeated"),
            "seats",
            List.of("accepted", "refused", "repeated", "expired", "forgotten", "shows_ended", "shows_forgotten"),
            "series",
            List.of("told", "late", "ahead"),
            "schedules",
            List.of("changed", "fired", "missed"),
            "jobs",
            List.of(
                    "scheduled",
                    "released",
                    "started",
                    "succeeded",
                    "retried",
                    "dead",
                    "cancelled",
                    "refused",
                    "skipped"));

    private static final Pattern RUNNING =
            Pattern.compile("kafka_stream_client_state\\{[^}]*application_id=\"tailrace-jobs-[^}]*} 2\\.0");

    @Test
    void everything_that_is_counted_is_in_the_scrape_before_it_counts_anything(@TempDir Path state) {
        try (TestBroker broker = new TestBroker();
                TestBroker.Reader answers = broker.reader(Topics.JOB_EVENTS);
                ApplicationContext context = ServiceBoot.withoutServer(
                        "event-dispatcher",
                        List.of(),
                        Main.class,
                        new String[0],
                        Map.of(
                                "tailrace.kafka.bootstrap",
                                broker.settings().bootstrap(),
                                "tailrace.dispatcher.state-dir",
                                state.toString(),
                                "tailrace.dispatcher.jobs.threads",
                                1))) {
            PrometheusMeterRegistry meters = context.getBean(PrometheusMeterRegistry.class);
            context.getBean(Dispatcher.class).start();
            // Tasks that are there before others are decide already; what is decided after this is decided by the
            // thread that has looked.
            Eventually.holds("it runs", () -> RUNNING.matcher(meters.scrape()).find());
            UUID nobody = UUID.randomUUID();
            JobEvents.JobRequested request = new JobEvents.JobRequested(UUID.randomUUID(), "default", nobody);
            broker.write(
                    Topics.JOB_COMMANDS, Facts.record("default", Facts.event(JobEvents.CANCEL_REQUESTED, request)));
            Eventually.holds("the command is refused", () -> !answers.records().isEmpty());

            // Not eventually: Micrometer looks for new metrics once a minute by itself.
            String scraped = meters.scrape();
            assertThat(total(scraped, "jobs", "refused")).isEqualTo(1);
            assertThat(COUNTED.getOrDefault("jobs", List.of()))
                    .allSatisfy(what -> assertThat(total(scraped, "jobs", what)).isNotNegative());
            COUNTED.forEach((scope, names) -> Eventually.holds("all of " + scope + " is counted", () -> {
                String now = meters.scrape();
                return names.stream().allMatch(what -> total(now, scope, what) >= 0);
            }));
        }
    }

    /** The sum over all tasks, or -1 if there is no such name. */
    private static double total(String scraped, String scope, String what) {
        Pattern line = Pattern.compile("kafka_stream_" + scope + "_" + what + "_total\\{[^}]*} (\\S+)");
        List<Double> values = lines(scraped, line).toList();
        return values.isEmpty()
                ? -1
                : values.stream().mapToDouble(Double::doubleValue).sum();
    }

    private static Stream<Double> lines(String scraped, Pattern line) {
        return line.matcher(scraped).results().map(found -> Double.valueOf(found.group(1)));
    }
}
