package io.tailrace.search;

import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import io.micronaut.context.ApplicationContext;
import io.tailrace.kit.boot.ServiceBoot;
import io.tailrace.search.document.SearchIndex;
import io.tailrace.search.drive.Comparison;
import io.tailrace.search.drive.Reindexing;
import io.tailrace.search.query.Indexes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;

/**
 * {@code ./tailrace reindex INDEX [--restart | --check]}. Exit codes: 0 done, or no difference; 1 a fault, or differences; 2
 * wrong usage; 130 stopped.
 */
public final class ReindexMain {
    private static final int STOPPED = 130;
    private static final long STOP_LIMIT_S = 20;

    private ReindexMain() {}

    /** Runs it; Ctrl-C and SIGTERM stop it after the bulk under way. */
    public static void main(String[] args) {
        List<String> words = new ArrayList<>(List.of(args));
        boolean restart = words.remove("--restart");
        boolean check = words.remove("--check");
        if (words.size() != 1 || restart && check) {
            System.err.println("usage: ./tailrace reindex INDEX [--restart | --check]");
            System.exit(2);
        }
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stop, ended), "stop"));
        int status = 1;
        try (ApplicationContext context = ServiceBoot.withoutServer(
                "reindex",
                List.of("search-indexer.yml"),
                ReindexMain.class,
                new String[0],
                Map.of(SearchFactory.INDEXING, "false", "tailrace.search.instance-id", ""))) {
            status = run(context, words.getFirst(), restart, check, stop);
        } catch (IOException | ElasticsearchException e) {
            System.err.println("reindex: Elasticsearch does not answer; run it again to go on");
        } catch (KafkaException e) {
            System.err.println("reindex: Kafka does not answer; run it again to go on");
        } finally {
            ended.countDown();
        }
        // In a hook of its own by now, if it was stopped.
        if (stop.getCount() > 0) {
            System.exit(status);
        }
    }

    private static int run(ApplicationContext context, String name, boolean restart, boolean check, CountDownLatch stop)
            throws IOException {
        List<SearchIndex> all = context.getBean(Indexes.class).all();
        Optional<SearchIndex> index =
                all.stream().filter(each -> each.name().equals(name)).findFirst();
        if (index.isEmpty()) {
            System.err.println("reindex \"" + name + "\": expected "
                    + all.stream().map(SearchIndex::name).collect(Collectors.joining(", ")));
            return 2;
        }
        if (check) {
            Comparison.Result result = context.getBean(Comparison.class).compare(index.get());
            result.shown().forEach(System.out::println);
            System.out.printf(
                    Locale.ROOT,
                    "%s: %d documents, %d differences from the log%n",
                    name,
                    result.documents(),
                    result.differences());
            return result.differences() == 0 ? 0 : 1;
        }
        ReindexProgress progress = new ReindexProgress(name, System.out, Boolean.getBoolean("tailrace.terminal"));
        Reindexing.Outcome outcome =
                context.getBean(Reindexing.class).run(index.get(), restart, progress, () -> stop.getCount() == 0);
        progress.ended(outcome);
        return switch (outcome) {
            case SWAPPED -> 0;
            case STOPPED -> STOPPED;
            case LOST -> 1;
        };
    }

    private static void stop(CountDownLatch stop, CountDownLatch ended) {
        stop.countDown();
        try {
            if (!ended.await(STOP_LIMIT_S, TimeUnit.SECONDS)) {
                System.err.println("reindex: stops without waiting for Elasticsearch any longer; nothing is lost");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
