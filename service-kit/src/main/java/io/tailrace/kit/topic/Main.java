package io.tailrace.kit.topic;

import io.micronaut.context.ApplicationContext;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.contracts.topic.TopicSpec;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.boot.ServiceBoot;
import io.tailrace.kit.kafka.TopicProvisioner;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code ./tailrace topics [--apply [--lose-records]]}. Runs on the class path of any service, none of whose parts it
 * starts. Exit codes: see {@link TopicsCommand}; 2 wrong usage.
 */
public final class Main {
    private static final int WRONG_USAGE = 2;

    private Main() {}

    /** Runs it. */
    public static void main(String[] args) {
        List<String> words = List.of(args);
        boolean apply = words.contains("--apply");
        boolean loseRecords = words.contains("--lose-records");
        int known = (apply ? 1 : 0) + (loseRecords ? 1 : 0);
        if (known != words.size() || loseRecords && !apply) {
            System.err.println("usage: ./tailrace topics [--apply [--lose-records]]");
            System.exit(WRONG_USAGE);
        }
        Map<String, Object> nothingElse = new HashMap<>();
        List.of("ingest", "edge", "projections", "search")
                .forEach(service -> nothingElse.put("tailrace." + service + ".enabled", "false"));
        int status;
        try (ApplicationContext context =
                ServiceBoot.withoutServer("topics", List.of(), Main.class, new String[0], nothingElse)) {
            PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
            PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
            List<TopicSpec> declared = new ArrayList<>(Topics.all(context.getBean(Namespaces.class)));
            declared.addAll(context.getBean(JobQueues.class).topics());
            status = new TopicsCommand(context.getBean(TopicProvisioner.class), declared, out, err)
                    .run(apply, loseRecords);
        }
        System.exit(status);
    }
}
