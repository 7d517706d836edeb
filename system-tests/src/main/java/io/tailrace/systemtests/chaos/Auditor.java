package io.tailrace.systemtests.chaos;

import io.tailrace.systemtests.chaos.check.ClientCheck;
import io.tailrace.systemtests.chaos.check.Entry;
import io.tailrace.systemtests.chaos.check.Findings;
import io.tailrace.systemtests.chaos.check.LogIndex;
import io.tailrace.systemtests.chaos.stream.Diary;
import io.tailrace.systemtests.chaos.stream.StreamClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/** Takes the clients' records while they are written, so that a long run needs no more memory than a short one. */
final class Auditor implements AutoCloseable {
    private static final long PAUSE_MS = 100;

    private final LogIndex log;
    private final Findings findings;
    private final Map<StreamClient, ClientCheck> checks = new LinkedHashMap<>();
    private final Thread thread;
    private volatile boolean stopped;

    Auditor(List<StreamClient> clients, LogIndex log, Findings findings) {
        this.log = log;
        this.findings = findings;
        clients.forEach(client -> checks.put(client, new ClientCheck(client.name(), log, findings)));
        thread = Thread.ofPlatform().name("auditor").daemon().start(this::follow);
    }

    private void follow() {
        try {
            while (!stopped) {
                pass(false);
                TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
            }
        } catch (InterruptedException e) {
            // It was closed.
        }
    }

    private synchronized void pass(boolean last) {
        checks.forEach((client, check) -> {
            Diary.Line line;
            while ((line = client.diary().peek()) != null && (last || isInTheLog(line.entry()))) {
                check.take(line.atMs(), line.entry());
                client.diary().taken();
            }
        });
    }

    private boolean isInTheLog(Entry entry) {
        return !(entry instanceof Entry.Event(String channel, String id)) || log.knows(channel, id);
    }

    /** How many clients have everything. */
    synchronized long settled() {
        return checks.entrySet().stream()
                .filter(check -> check.getValue().isSettled(check.getKey().wanted()))
                .count();
    }

    /** The sum over all clients. */
    synchronized long sum(ToLongFunction<ClientCheck> number) {
        return checks.values().stream().mapToLong(number).sum();
    }

    /** Whether anything is wrong until now. */
    synchronized boolean isClean() {
        return findings.isEmpty();
    }

    /** The clients are closed: the rest of their records, and what is missing. */
    synchronized void end() {
        pass(true);
        checks.forEach((client, check) -> check.end(client.wanted()));
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        thread.join();
    }
}
