package io.tailrace.bench.seats.rush;

import io.tailrace.bench.seats.http.HttpAnswer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** What all buyers of a rush were told. Touched on the client's thread only, and by others when the rush is over. */
public final class Ledger {
    private static final int MAX_FAULTS = 50;

    private final Map<UUID, Claim> claims = new HashMap<>();
    private final Set<UUID> refused = new HashSet<>();
    private final List<String> faults = new ArrayList<>();
    private long held;
    private long notFree;
    private long stepped;
    private long stepsRefused;
    private long repeated;
    private long undecided;

    /**
     * What a buyer was told of a reservation.
     *
     * @param seats its seats
     * @param state {@code held}, {@code confirmed}, {@code released}, or {@code over} if a step was refused
     */
    public record Claim(List<String> seats, String state) {}

    void held(UUID reservation, List<String> seats) {
        held++;
        if (claims.put(reservation, new Claim(seats, "held")) != null) {
            fault("the reservation " + reservation + " was given to two requests");
        }
    }

    void notFree() {
        notFree++;
    }

    void stepped(UUID reservation, String state) {
        stepped++;
        claims.computeIfPresent(reservation, (id, claim) -> new Claim(claim.seats(), state));
    }

    void stepRefused(UUID reservation) {
        stepsRefused++;
        refused.add(reservation);
        claims.computeIfPresent(reservation, (id, claim) -> new Claim(claim.seats(), "over"));
    }

    void repeated(UUID reservation, HttpAnswer answer) {
        repeated++;
        if (answer.status() / 100 != 2 || !answer.text("id").equals(reservation.toString())) {
            fault("the same request again was answered " + answer.shown() + ", and not with " + reservation);
        }
    }

    void undecided() {
        undecided++;
    }

    void fault(String fault) {
        if (faults.size() < MAX_FAULTS) {
            faults.add(fault);
        }
    }

    /** What each holder was told last, by reservation. */
    public Map<UUID, Claim> claims() {
        return claims;
    }

    /** Answers that nobody may give. */
    public List<String> faults() {
        return faults;
    }

    /** Requests that were decided, repeated ones not among them. */
    public long decisions() {
        return held + notFree + stepped + stepsRefused;
    }

    /** Answers without a decision, after which the same request was sent again. */
    public long undecidedAnswers() {
        return undecided;
    }

    @Override
    public String toString() {
        return held + " held, " + notFree + " not free, " + stepped + " confirmed or released, " + stepsRefused
                + " steps refused, " + repeated + " repeated, " + undecided + " answered later";
    }
}
