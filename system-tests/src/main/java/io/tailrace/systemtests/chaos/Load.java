package io.tailrace.systemtests.chaos;

import io.tailrace.systemtests.chaos.check.ClientCheck;
import io.tailrace.systemtests.chaos.check.Finding;
import io.tailrace.systemtests.chaos.check.Findings;
import io.tailrace.systemtests.chaos.schedule.Scale;
import io.tailrace.systemtests.chaos.schedule.Schedule;
import io.tailrace.systemtests.chaos.stream.Crowd;
import io.tailrace.systemtests.chaos.stream.StreamClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;

/** The writers and the clients of a world, and the checker that holds the ones against the others. For one thread. */
final class Load implements AutoCloseable {
    private static final long OPEN_LIMIT_S = 60;
    private static final long SETTLE_LIMIT_S = 120;
    private static final long POLL_MS = 50;

    private final World world;
    private final Writers writers;
    private final Crowd crowd;
    private final Auditor auditor;
    private final Findings findings = new Findings();
    private final List<String> failures = new ArrayList<>();

    Load(World world, Schedule schedule, Scale scale) throws IOException, InterruptedException {
        this.world = world;
        writers = new Writers(world.platform.origin(), world.tokens, schedule, scale);
        crowd = new Crowd(schedule.readers(), world.balancer.origin(), world.tokens);
        auditor = new Auditor(crowd.clients(), world.log, findings);
    }

    List<StreamClient> clients() {
        return crowd.clients();
    }

    /** Waits until every client has a stream. */
    void awaitOpen() throws InterruptedException {
        if (!await(OPEN_LIMIT_S, () -> crowd.clients().stream().allMatch(StreamClient::isOpen))) {
            failures.add("not every client got a stream within " + OPEN_LIMIT_S + " s");
        }
    }

    /** What is known until now, in one line. */
    String state() {
        return writers.published() + " published, " + auditor.sum(ClientCheck::events) + " received, "
                + (auditor.isClean() ? "clean" : "WRONG");
    }

    /** The sum over all clients. */
    long sum(ToLongFunction<ClientCheck> number) {
        return auditor.sum(number);
    }

    /** Something went wrong that is not about one client. */
    void failed(List<String> what) {
        failures.addAll(what);
    }

    /** Nothing is broken any more: ends the writing, and the reading as soon as each client has what it is to have. */
    void end() throws InterruptedException, IOException {
        writers.stop();
        // What is not there then is found below.
        boolean written = await(SETTLE_LIMIT_S, () -> writers.areIn(world.log));
        int clients = crowd.clients().size();
        if (written && !await(SETTLE_LIMIT_S, () -> auditor.settled() == clients)) {
            failures.add(clients - auditor.settled() + " of " + clients + " clients did not get everything within "
                    + SETTLE_LIMIT_S + " s");
        }
        crowd.close();
        auditor.close();
        auditor.end();
        writers.check(world.log, findings);
        world.reader.check();
    }

    /** What is wrong, in words. */
    List<String> wrong() {
        List<String> lines = new ArrayList<>(failures);
        lines.addAll(findings.lines());
        return lines;
    }

    Map<Finding, Long> counts() {
        Map<Finding, Long> counts = new LinkedHashMap<>();
        for (Finding kind : Finding.values()) {
            counts.put(kind, findings.count(kind));
        }
        return counts;
    }

    Map<String, Long> numbers() {
        Map<String, Long> numbers = new LinkedHashMap<>();
        numbers.put("published", writers.published());
        numbers.put("in_the_log", world.log.events());
        numbers.put("received", sum(ClientCheck::events));
        numbers.put("gaps", sum(ClientCheck::gaps));
        numbers.put("lost_in_gaps", sum(ClientCheck::lostInGaps));
        numbers.put("streams_asked_for", (long) asksMs().size());
        numbers.put("planned_closings", sum(ClientCheck::closings));
        numbers.put("connections_cut", (long) world.balancer.cuts());
        return numbers;
    }

    /** When clients asked for streams, milliseconds since 1970, in no order. */
    List<Long> asksMs() {
        return crowd.clients().stream()
                .flatMap(client -> client.asksMs().stream())
                .toList();
    }

    @Override
    public void close() throws InterruptedException, IOException {
        crowd.close();
        auditor.close();
        writers.stop();
    }

    private static boolean await(long limitS, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(limitS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
        }
        return true;
    }
}
