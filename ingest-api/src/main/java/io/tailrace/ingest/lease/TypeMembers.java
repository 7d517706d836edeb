package io.tailrace.ingest.lease;

import io.tailrace.kit.consume.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;

/**
 * The members of share groups of this process, one with a thread for each type of jobs that somebody asks for, a bounded number.
 * Thread-safe.
 */
final class TypeMembers {
    private final int most;
    private final LeaseWaits waits;
    private final BiFunction<String, BooleanSupplier, TypeMember> maker;
    private final Map<String, Running> members = new HashMap<>();
    private boolean ended;

    private record Running(TypeMember member, Thread thread) {}

    /**
     * No members yet.
     *
     * @param most of them
     * @param maker makes the member of a type, which asks whether to end when nobody wants a job of it
     */
    TypeMembers(int most, LeaseWaits waits, BiFunction<String, BooleanSupplier, TypeMember> maker) {
        this.most = most;
        this.waits = waits;
        this.maker = maker;
    }

    /** What becomes of a request. */
    enum Admission {
        ADMITTED,
        TOO_MANY_TYPES,
        TOO_MANY_REQUESTS
    }

    /** Has a request wait, and sees to it that there are members for its types. */
    synchronized Admission admit(LeaseWait wait) {
        Set<String> missing = new HashSet<>(wait.types());
        missing.removeAll(members.keySet());
        if (members.size() + missing.size() > most) {
            return Admission.TOO_MANY_TYPES;
        }
        if (!waits.add(wait)) {
            return Admission.TOO_MANY_REQUESTS;
        }
        if (!ended) {
            missing.forEach(this::begin);
        }
        return Admission.ADMITTED;
    }

    private void begin(String type) {
        TypeMember member = maker.apply(type, () -> leave(type));
        Thread thread = Thread.ofPlatform().daemon().name("leases-" + type).unstarted(member.loop());
        members.put(type, new Running(member, thread));
        thread.start();
    }

    /** Whether the member of a type is to end. Who asks for the type from now on needs a new one. */
    private synchronized boolean leave(String type) {
        if (waits.isWanted(type) && !ended) {
            return false;
        }
        members.remove(type);
        return true;
    }

    synchronized int size() {
        return members.size();
    }

    synchronized List<Loop> loops() {
        List<Loop> loops = new ArrayList<>();
        members.values().forEach(running -> loops.add(running.member().loop()));
        return loops;
    }

    /** Has all of them stop; returns at once. */
    void stop() {
        all().forEach(running -> running.member().stop());
    }

    /** Has all of them stop, and waits for that, each for a bounded time. */
    void close(Duration each) throws InterruptedException {
        List<Running> all = all();
        stop();
        for (Running running : all) {
            var unused = running.thread().join(each);
        }
    }

    private synchronized List<Running> all() {
        ended = true;
        return List.copyOf(members.values());
    }
}
