package io.tailrace.kit.apikey;

import io.micronaut.context.ApplicationContext;
import io.tailrace.kit.boot.ServiceBoot;
import io.tailrace.kit.kafka.KafkaSettings;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code ./tailrace apikey}. Runs on the class path of any service, none of whose parts it starts. Exit codes: 0 done, 1 not done, 2
 * wrong usage.
 */
public final class Main {
    private static final int WRONG_USAGE = 2;

    private Main() {}

    /** Runs it. */
    public static void main(String[] args) {
        ApiKeyArguments arguments;
        try {
            arguments = ApiKeyArguments.read(List.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println("apikey: " + e.getMessage());
            System.err.println(ApiKeyArguments.USAGE);
            System.exit(WRONG_USAGE);
            return;
        }
        Map<String, Object> nothingElse = new HashMap<>();
        List.of("ingest", "edge", "projections", "search", "erased-people", "api-keys")
                .forEach(service -> nothingElse.put("tailrace." + service + ".enabled", "false"));
        int status;
        try (ApplicationContext context =
                ServiceBoot.withoutServer("apikey", List.of(), Main.class, new String[0], nothingElse)) {
            status = new ApiKeyCommand(
                            context.getBean(KafkaSettings.class),
                            InstantSource.system(),
                            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                            new PrintWriter(System.err, true, StandardCharsets.UTF_8))
                    .run(arguments);
        }
        System.exit(status);
    }
}
