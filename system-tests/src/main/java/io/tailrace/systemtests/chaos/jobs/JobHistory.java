package io.tailrace.systemtests.chaos.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Holds what {@code tailrace.job-events} says, record by record in its order, against what may be said of jobs: an attempt begins under a
 * token that no attempt had before, while no other runs and the job is not over; it has one outcome, under its own token; nothing
 * happens to a job that is over; and what an attempt did was reported under the token that it has in the event, which
 * {@code tailrace.job-commands} says. Knows nothing of the dispatcher's code. Not thread-safe.
 */
public final class JobHistory {
    private static final int MOST_LINES = 100;

    /** Commands of attempts whose effect is an event. */
    private static final Set<String> REPORTS = Set.of(
            "job_attempt_started",
            "job_attempt_progressed",
            "job_attempt_succeeded",
            "job_attempt_failed",
            "job_attempt_handed_back");

    private final Map<String, Life> lives = new HashMap<>();
    private final Map<String, Long> outcomes = new TreeMap<>();
    private final Map<String, Long> refusals = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();
    /** The token that a command named, by the command's id, until an event names the command. */
    private final Map<String, Long> reported = new HashMap<>();

    /** And the token of an event, by the id of its command, until the command was read: the topics are read side by side. */
    private final Map<String, Long> decided = new HashMap<>();

    private long faultCount;
    private long attempts;

    /** A job, as it was told of. */
    private static final class Life {
        long token;
        long starts;
        long ends;
        boolean runs;
        String end = "";
    }

    /** Takes a record of {@code tailrace.job-commands}. */
    public void command(String type, JsonNode command) {
        if (!REPORTS.contains(type)) {
            return;
        }
        String id = command.path("command_id").asText();
        long token = command.path("token").asLong();
        Long event = decided.remove(id);
        if (event == null) {
            reported.put(id, token);
        } else {
            compare(id, token, event);
        }
    }

    private void effect(JsonNode event) {
        if (!event.hasNonNull("command_id")) {
            return;
        }
        String id = event.path("command_id").asText();
        long token = event.path("token").asLong();
        Long command = reported.get(id);
        if (command == null) {
            decided.put(id, token);
        } else {
            compare(id, command, token);
        }
    }

    private void compare(String command, long token, long event) {
        if (token != event) {
            fault("command " + command + " was reported under the token " + token
                    + " and changed the attempt of the token " + event);
        }
    }

    /** Takes a record of {@code tailrace.job-events}. */
    public void see(String type, JsonNode event) {
        switch (type) {
            case "job_command_answered" -> {
                if (!event.path("accepted").asBoolean()) {
                    refusals.merge(event.path("reason").asText(), 1L, Long::sum);
                }
            }
            case "job_scheduled" -> scheduled(event);
            case "job_started" -> started(event);
            case "job_retrying" -> ended(event, event.path("error").path("type").asText(), false);
            case "job_succeeded" -> ended(event, "succeeded", true);
            case "job_dead" -> ended(event, event.path("error").path("type").asText(), true);
            case "job_progressed" -> progressed(event);
            default -> fault("a record of the type " + type + ", which nobody asked for: " + event);
        }
    }

    private void scheduled(JsonNode event) {
        String id = id(event);
        boolean isNew = event.hasNonNull("payload");
        Life life = lives.get(id);
        if (life == null) {
            if (!isNew) {
                fault("job " + id + " is scheduled before it was enqueued");
            }
            lives.put(id, new Life());
        } else if (isNew) {
            fault("job " + id + " was enqueued twice");
        } else if (life.runs || !life.end.isEmpty()) {
            fault("job " + id + " is scheduled while it runs or is over");
        }
    }

    private void started(JsonNode event) {
        effect(event);
        Life life = life(event);
        long token = event.path("token").asLong();
        if (life.runs) {
            fault("job " + id(event) + " begins an attempt while another one runs");
        }
        if (!life.end.isEmpty()) {
            fault("job " + id(event) + " begins an attempt after it was over: " + life.end);
        }
        if (token <= life.token) {
            fault("job " + id(event) + " begins an attempt under the token " + token + " after " + life.token);
        }
        life.token = token;
        life.runs = true;
        life.starts++;
        attempts++;
    }

    private void progressed(JsonNode event) {
        effect(event);
        Life life = life(event);
        if (!life.runs || event.path("token").asLong() != life.token) {
            fault("job " + id(event) + " comes further without an attempt that runs");
        }
    }

    private void ended(JsonNode event, String outcome, boolean isOver) {
        effect(event);
        Life life = life(event);
        long token = event.path("token").asLong();
        if (!life.runs) {
            fault("job " + id(event) + " has the outcome " + outcome + " of no attempt that runs");
        } else if (token != life.token) {
            fault("job " + id(event) + " has the outcome " + outcome + " of the token " + token + ", and " + life.token
                    + " runs");
        }
        if (!life.end.isEmpty()) {
            fault("job " + id(event) + " has the outcome " + outcome + " after it was over: " + life.end);
        }
        life.runs = false;
        life.ends++;
        if (isOver) {
            life.end = outcome;
        }
        outcomes.merge(outcome, 1L, Long::sum);
    }

    private Life life(JsonNode event) {
        Life life = lives.get(id(event));
        if (life == null) {
            fault("job " + id(event) + " has a history before it was enqueued");
            life = new Life();
            lives.put(id(event), life);
        }
        return life;
    }

    private static String id(JsonNode event) {
        return event.path("job").path("id").asText();
    }

    /** How many of these jobs have succeeded. */
    public long succeeded(Collection<String> jobs) {
        return jobs.stream().filter(this::hasSucceeded).count();
    }

    private boolean hasSucceeded(String job) {
        Life life = lives.get(job);
        return life != null && life.end.equals("succeeded");
    }

    /** Of each of these jobs, what is missing at the end: it has not succeeded, or an attempt has no outcome. */
    public void end(Collection<String> acknowledged) {
        for (String job : acknowledged) {
            Life life = lives.get(job);
            if (life == null) {
                fault("job " + job + " was acknowledged and is not in the log");
            } else if (!life.end.equals("succeeded")) {
                fault("job " + job + " did not succeed; it "
                        + (life.runs ? "runs" : life.end.isEmpty() ? "waits" : "ended with " + life.end));
            } else if (life.starts != life.ends) {
                fault("job " + job + " has " + life.starts + " attempts and " + life.ends + " outcomes");
            }
        }
        for (String job : lives.keySet()) {
            if (!acknowledged.contains(job)) {
                fault("job " + job + " was enqueued and nobody was told");
            }
        }
    }

    /** Notes that something is wrong; this alone may be called by any thread. */
    public synchronized void fault(String what) {
        faultCount++;
        if (faults.size() < MOST_LINES) {
            faults.add(what);
        }
    }

    /** How much is wrong. */
    public long faultCount() {
        return faultCount;
    }

    /** The first hundred of what is wrong, in words. */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    /** Attempts that began. */
    public long attempts() {
        return attempts;
    }

    /** How often attempts ended in each way. */
    public Map<String, Long> outcomes() {
        return Map.copyOf(outcomes);
    }

    /** How often commands were refused, by reason. */
    public Map<String, Long> refusals() {
        return Map.copyOf(refusals);
    }
}
