package io.tailrace.bench.search;

import io.tailrace.bench.report.Report;
import io.tailrace.bench.report.Row;
import io.tailrace.bench.stand.Stand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Indexes a crowd, searches it by parts of phone numbers at a steady rate, and measures how soon what is written is found;
 * beside PostgreSQL's ILIKE over the same people, with and without a trigram index.
 */
@Command(name = "search", description = "People indexed and found, beside PostgreSQL's ILIKE.")
public final class SearchBench implements Callable<Integer> {
    private static final int WRITES_PER_SECOND = 100;

    /** A person may write 20 times a second. */
    private static final int AUTHORS = 10;

    private static final int FIRST = 100_000;
    private static final int FIRST_QUICK = 20_000;
    private static final int ALL = 1_000_000;
    private static final int ALL_QUICK = 100_000;

    /** What is measured. */
    private enum Part {
        INDEX,
        SUBSTRING,
        FOUND
    }

    @Option(names = "--quick", description = "Fewer people, shorter rounds.")
    private boolean quick;

    @Option(names = "--json", description = "The last line of stdout is the result as JSON.")
    private boolean json;

    @Option(names = "--people", description = "How many in the end; 1,000,000, or 100,000 with --quick.")
    private int people;

    @Option(names = "--only", split = ",", description = "index, substring, found: not all of them.")
    private Set<Part> only = EnumSet.allOf(Part.class);

    @Option(names = "--keep", description = "A data folder that stays: the next run goes on with its people.")
    private @Nullable Path kept;

    private final Map<String, Double> figures = new LinkedHashMap<>();
    private final List<Row> rows = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        int all = people > 0 ? people : quick ? ALL_QUICK : ALL;
        int first = Math.min(all, quick ? FIRST_QUICK : FIRST);
        String without = "telemetry,demo-show";
        boolean agree = true;
        try (Stand stand = kept == null ? Stand.up(without) : Stand.upOver(kept, without)) {
            SearchClient client = client(stand);
            Loading loading = new Loading(stand, figures);
            if (only.contains(Part.INDEX)) {
                loading.upTo(first);
            }
            if (only.contains(Part.FOUND)) {
                loading.settle(() -> rows(stand));
                written(client);
            }
            if (only.contains(Part.SUBSTRING) || people > 0) {
                loading.upTo(all);
            }
            if (only.contains(Part.SUBSTRING)) {
                loading.settle(() -> rows(stand));
                agree = new PartSearches(quick, client, () -> rows(stand), rows, figures).measure();
            }
        }
        Report report = new Report("search", settings(all), rows, figures);
        System.out.print(report.table());
        if (!agree) {
            System.out.println("Tailrace and PostgreSQL do not agree, see above");
        }
        if (json) {
            System.out.println(report.json());
        }
        return agree ? 0 : 1;
    }

    private static SearchClient client(Stand stand) throws Exception {
        List<String> authors = new ArrayList<>();
        for (int i = 0; i < AUTHORS; i++) {
            authors.add(stand.token(UUID.randomUUID().toString()));
        }
        return new SearchClient(
                stand.origin(), stand.token(UUID.randomUUID().toString(), "--role", "support"), authors);
    }

    private void written(SearchClient client) {
        String prefix = "w" + UUID.randomUUID().toString().substring(0, 8);
        new WrittenToFound(client).measure(prefix + "a", WRITES_PER_SECOND, WRITES_PER_SECOND * (quick ? 3 : 10));
        Histogram histogram = new WrittenToFound(client)
                .measure(prefix + "b", WRITES_PER_SECOND, WRITES_PER_SECOND * (quick ? 10 : 60));
        rows.add(Row.of("written to found, " + WRITES_PER_SECOND + " writes/s", histogram));
    }

    private static PhoneRows rows(Stand stand) throws Exception {
        return new PhoneRows(
                stand.environment("TAILRACE_POSTGRES_URL"),
                stand.environment("TAILRACE_POSTGRES_USER"),
                stand.environment("TAILRACE_POSTGRES_PASSWORD"));
    }

    private Map<String, Object> settings(int all) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("quick", quick);
        settings.put(
                "measured",
                only.stream().map(part -> part.name().toLowerCase(Locale.ROOT)).toList());
        settings.put("people", all);
        settings.put("searches_per_second", PartSearches.PER_SECOND);
        settings.put("writes_per_second", WRITES_PER_SECOND);
        settings.put("part_digits", PartSearches.SHORTEST + " to " + PartSearches.LONGEST);
        settings.put("processors", Runtime.getRuntime().availableProcessors());
        return settings;
    }
}
