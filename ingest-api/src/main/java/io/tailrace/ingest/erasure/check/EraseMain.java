package io.tailrace.ingest.erasure.check;

import io.micronaut.context.ApplicationContext;
import io.tailrace.contracts.identity.UuidV7;
import io.tailrace.kit.boot.ServiceBoot;
import io.tailrace.kit.file.FileStore;
import io.tailrace.kit.file.FileStores;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.redis.RedisAway;
import io.tailrace.kit.redis.RedisLink;
import java.io.IOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code ./tailrace erase USER_ID [--check [--contains TEXT]..]}, or {@code --files} in their place. Exit codes: 0 asked for and gone
 * from every copy, or nothing is left, or tables and indexes are written anew; 1 a fault, or something is left; 2 wrong usage.
 */
public final class EraseMain {
    private static final String FILES = "--files";
    private static final int WRONG_USAGE = 2;
    private static final long LOOK_MS = 500;
    private static final int LOOKS = 240;

    private EraseMain() {}

    /** Runs it. */
    public static void main(String[] args) throws InterruptedException {
        List<String> words = new ArrayList<>(List.of(args));
        boolean files = words.equals(List.of(FILES));
        boolean check = words.remove("--check");
        List<String> texts = texts(words);
        UUID person = words.size() == 1 ? id(words.getFirst()) : null;
        if (person == null && !files || !check && !texts.isEmpty() || texts.contains("")) {
            System.err.println(
                    "usage: ./tailrace erase USER_ID [--check [--contains TEXT]..] | ./tailrace erase --files");
            System.exit(WRONG_USAGE);
        }
        Map<String, Object> nothingElse = new HashMap<>();
        List.of("ingest", "edge", "projections", "search")
                .forEach(service -> nothingElse.put("tailrace." + service + ".enabled", "false"));
        nothingElse.put("tailrace.erased-people.enabled", "false");
        nothingElse.put("tailrace.api-keys.enabled", "false");
        // A command can wait, and its first call takes a JVM that has just started longer than the half second of a
        // service.
        nothingElse.put("tailrace.redis.timeout", "30s");
        int status = 1;
        try (ApplicationContext context =
                ServiceBoot.withoutServer("erase", List.of(), EraseMain.class, new String[0], nothingElse)) {
            if (files) {
                status = writeAnew(context);
            } else if (person != null) {
                status = check ? check(context, person, new Traces(person, texts)) : erase(context, person);
            }
        } catch (SQLException | IOException | ExecutionException | RedisAway e) {
            System.err.println("erase: " + e.getMessage());
        }
        System.exit(status);
    }

    private static List<String> texts(List<String> words) {
        List<String> texts = new ArrayList<>();
        for (int at = words.indexOf("--contains"); at >= 0; at = words.indexOf("--contains")) {
            words.remove(at);
            texts.add(at < words.size() ? words.remove(at) : "");
        }
        return texts;
    }

    private static @Nullable UUID id(String text) {
        try {
            UUID id = UUID.fromString(text);
            return id.toString().equalsIgnoreCase(text) ? id : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static int check(ApplicationContext context, UUID person, Traces traces)
            throws SQLException, IOException, ExecutionException, InterruptedException {
        List<Finding> findings = new ArrayList<>();
        findings.addAll(new LogCheck(context.getBean(KafkaSettings.class), traces).run());
        findings.addAll(new TableCheck(
                        property(context, "tailrace.postgres.url", "jdbc:postgresql://127.0.0.1:5432/tailrace"),
                        property(context, "tailrace.postgres.user", "tailrace"),
                        property(context, "tailrace.postgres.password", ""),
                        traces)
                .run());
        findings.addAll(new RedisCheck(context.getBean(RedisLink.class), traces).run());
        Optional<FileStore> files = context.getBean(FileStores.class).configured();
        if (files.isPresent()) {
            findings.addAll(new FileCheck(files.get(), person).run());
        } else {
            System.out.println("There is no folder of files (TAILRACE_FILES_FOLDER), and it was not looked at");
        }
        String elasticsearch = property(context, "tailrace.elasticsearch.url", "");
        if (elasticsearch.isEmpty()) {
            System.out.println("Elasticsearch is not there, and was not looked at");
        } else {
            findings.addAll(new IndexCheck(elasticsearch, traces).run());
        }
        findings.forEach(finding -> System.out.println(finding.line()));
        long left = findings.stream().filter(finding -> !finding.allowed()).count();
        System.out.println(
                left == 0
                        ? "nothing is left of " + traces.id()
                        : "something is left of " + traces.id() + " in " + left + " places");
        return left == 0 ? 0 : 1;
    }

    private static int writeAnew(ApplicationContext context) throws SQLException, IOException, InterruptedException {
        new TableFiles(
                        property(context, "tailrace.postgres.url", "jdbc:postgresql://127.0.0.1:5432/tailrace"),
                        property(context, "tailrace.postgres.user", "tailrace"),
                        property(context, "tailrace.postgres.password", ""))
                .writeAnew();
        System.out.println("the files of PostgreSQL have no longer what was deleted from its tables");
        String elasticsearch = property(context, "tailrace.elasticsearch.url", "");
        if (elasticsearch.isEmpty()) {
            System.out.println("Elasticsearch is not there, and its files were not looked at");
        } else {
            new IndexFiles(elasticsearch, property(context, "tailrace.search.index-prefix", "tailrace-")).writeAnew();
            System.out.println("the files of Elasticsearch have no longer what was deleted from its indexes");
        }
        return 0;
    }

    private static int erase(ApplicationContext context, UUID person) throws SQLException, InterruptedException {
        try (Connection connection = DriverManager.getConnection(
                property(context, "tailrace.postgres.url", "jdbc:postgresql://127.0.0.1:5432/tailrace"),
                property(context, "tailrace.postgres.user", "tailrace"),
                property(context, "tailrace.postgres.password", ""))) {
            UUID erasure = begin(connection, person);
            System.out.println("erasure " + erasure);
            for (int look = 0; look < LOOKS; look++) {
                String state = state(connection, erasure);
                if (state.equals("compacting")) {
                    System.out.println("gone from every copy; the log forgets what is behind tombstones within "
                            + context.getBean(KafkaSettings.class).compactionLag()
                            + ", and the feeds within their retention, then the erasure is done: see --check");
                    return 0;
                }
                if (state.equals("done")) {
                    System.out.println("done");
                    return 0;
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MS);
            }
            System.err.println(
                    "erase: not yet begun or not yet obeyed; ingest-api and projections go on with it when they run");
            return 1;
        }
    }

    private static UUID begin(Connection connection, UUID person) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select request_erasure(?, ?)")) {
            select.setObject(1, person);
            select.setObject(2, new UuidV7(InstantSource.system(), new SecureRandom()).next());
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getObject(1, UUID.class);
            }
        }
    }

    private static String state(Connection connection, UUID erasure) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select state from erasures where id = ?")) {
            select.setObject(1, erasure);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? rows.getString(1) : "done";
            }
        }
    }

    private static String property(ApplicationContext context, String name, String otherwise) {
        return context.getProperty(name, String.class).orElse(otherwise);
    }
}
