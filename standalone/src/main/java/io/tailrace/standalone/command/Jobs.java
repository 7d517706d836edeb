package io.tailrace.standalone.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.standalone.Fault;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./tailrace jobs}: the jobs of what is up, over its HTTP API. */
@Command(
        name = "jobs",
        description = "Lists the queues, or the jobs of one queue.",
        mixinStandardHelpOptions = true,
        subcommands = {
            Jobs.Show.class,
            Jobs.Retry.class,
            Jobs.Cancel.class,
            Jobs.RunNow.class,
            Jobs.Pause.class,
            Jobs.Resume.class,
            Jobs.Enqueue.class
        })
final class Jobs implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    /** What all of them have. */
    private static final class Output {
        @Mixin
        private DataOption data = new DataOption();

        @Option(names = "--json", description = "Prints the JSON of the API.")
        private boolean json;

        private final PrintStream out = System.out;

        private JobsApi api() {
            return JobsApi.of(data.folder());
        }

        /** Prints an answer as JSON if that is wanted; whether it was. */
        private boolean printsJson(JsonNode answer) {
            if (json) {
                out.println(answer);
            }
            return json;
        }
    }

    @Mixin
    private Output output = new Output();

    @Parameters(index = "0", arity = "0..1", paramLabel = "QUEUE", description = "The queue whose jobs are listed.")
    private @Nullable String queue;

    @Option(names = "--state", paramLabel = "STATE", description = "Only jobs in this state, for example dead.")
    private String state = "";

    @Option(names = "--type", paramLabel = "TYPE", description = "Only jobs of this type.")
    private String type = "";

    @Option(names = "--limit", paramLabel = "N", description = "The most jobs, 1 to 500 (default 50).")
    private String limit = "";

    @Override
    public Integer call() {
        try (JobsApi api = output.api()) {
            JsonNode queues = api.get("/queues");
            if (queue == null && state.isEmpty() && type.isEmpty() && limit.isEmpty()) {
                if (!output.printsJson(queues)) {
                    JobTable.queues(queues.path("queues"), Instant.now()).forEach(output.out::println);
                }
                return 0;
            }
            if (queue != null && !queues.path("queues").findValuesAsText("name").contains(queue)) {
                throw new Fault("there is no queue " + queue + ": expected one of "
                        + String.join(", ", queues.path("queues").findValuesAsText("name")));
            }
            Map<String, String> query = new LinkedHashMap<>();
            query.put("queue", queue == null ? "" : queue);
            query.put("state", state);
            query.put("type", type);
            query.put("limit", limit);
            JsonNode page = api.get(JobsApi.path("/jobs", query));
            if (!output.printsJson(page)) {
                JobTable.jobs(page.path("jobs")).forEach(output.out::println);
            }
            return 0;
        }
    }

    /** Something about one job. */
    private abstract static class OfJob implements Callable<Integer> {
        @Mixin
        protected Output output = new Output();

        @Parameters(index = "0", paramLabel = "ID", description = "The id of the job.")
        private String id = "";

        /** What is asked for. */
        abstract JsonNode ask(JobsApi api, String path);

        void print(JsonNode answer) {
            output.out.println(JobTable.answer(answer));
        }

        @Override
        public Integer call() {
            if (!ID.matcher(id).matches()) {
                throw new Fault(id + ": expected the id of a job, as ./tailrace jobs QUEUE shows it");
            }
            try (JobsApi api = output.api()) {
                JsonNode answer = ask(api, "/jobs/" + id);
                if (!output.printsJson(answer)) {
                    print(answer);
                }
                return 0;
            }
        }
    }

    @Command(name = "show", description = "Shows the details of a job.", mixinStandardHelpOptions = true)
    static final class Show extends OfJob {
        @Override
        JsonNode ask(JobsApi api, String path) {
            return api.get(path);
        }

        @Override
        void print(JsonNode answer) {
            try {
                output.out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(answer));
            } catch (JsonProcessingException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Command(name = "retry", description = "Retries a dead or cancelled job.", mixinStandardHelpOptions = true)
    static final class Retry extends OfJob {
        @Override
        JsonNode ask(JobsApi api, String path) {
            return api.post(path + "/retry", null);
        }
    }

    @Command(name = "cancel", description = "Cancels a job, even if it is running.", mixinStandardHelpOptions = true)
    static final class Cancel extends OfJob {
        @Override
        JsonNode ask(JobsApi api, String path) {
            return api.post(path + "/cancel", null);
        }
    }

    @Command(name = "run-now", description = "Runs a scheduled job now.", mixinStandardHelpOptions = true)
    static final class RunNow extends OfJob {
        @Override
        JsonNode ask(JobsApi api, String path) {
            return api.post(path + "/run-now", null);
        }
    }

    /** Something about one queue. */
    private abstract static class OfQueue implements Callable<Integer> {
        @Mixin
        protected Output output = new Output();

        @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
        private String queue = "";

        abstract String step();

        @Override
        public Integer call() {
            try (JobsApi api = output.api()) {
                JsonNode answer = api.post("/queues/" + JobsApi.escaped(queue) + "/" + step(), null);
                if (!output.printsJson(answer)) {
                    output.out.println(answer.path("name").asText() + " "
                            + answer.path("state").asText());
                }
                return 0;
            }
        }
    }

    @Command(name = "pause", description = "Pauses a queue. Running jobs continue.", mixinStandardHelpOptions = true)
    static final class Pause extends OfQueue {
        @Override
        String step() {
            return "pause";
        }
    }

    @Command(name = "resume", description = "Resumes a paused queue.", mixinStandardHelpOptions = true)
    static final class Resume extends OfQueue {
        @Override
        String step() {
            return "resume";
        }
    }

    @Command(name = "enqueue", description = "Enqueues a job.", mixinStandardHelpOptions = true)
    static final class Enqueue implements Callable<Integer> {
        @Mixin
        private Output output = new Output();

        @Parameters(index = "0", paramLabel = "TYPE", description = "The type of the job, for example email.")
        private String type = "";

        @Parameters(index = "1", paramLabel = "JSON", description = "The payload, as the type declares it.")
        private String payload = "";

        @Option(names = "--queue", paramLabel = "QUEUE", description = "The queue, if not the queue of the type.")
        private @Nullable String queue;

        @Option(
                names = "--delay",
                paramLabel = "SECONDS",
                description = "The job starts at the earliest after so long.")
        private @Nullable Integer delay;

        @Option(names = "--priority", paramLabel = "0..9", description = "The priority; 9 is highest (default 5).")
        private @Nullable Integer priority;

        @Option(names = "--unique-key", paramLabel = "KEY", description = "Allows one unfinished job with this key.")
        private @Nullable String uniqueKey;

        @Override
        public Integer call() {
            Map<String, Object> job = new LinkedHashMap<>();
            job.put("type", type);
            job.put("payload", JobsApi.json("JSON", payload));
            putIfThere(job, "queue", queue);
            putIfThere(job, "delay_seconds", delay);
            putIfThere(job, "priority", priority);
            putIfThere(job, "unique_key", uniqueKey);
            try (JobsApi api = output.api()) {
                JsonNode answer = api.post("/jobs", job);
                if (!output.printsJson(answer)) {
                    output.out.println(JobTable.answer(answer));
                }
                return 0;
            }
        }

        private static void putIfThere(Map<String, Object> job, String field, @Nullable Object value) {
            if (value != null) {
                job.put(field, value);
            }
        }
    }
}
