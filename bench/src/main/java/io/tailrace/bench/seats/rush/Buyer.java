package io.tailrace.bench.seats.rush;

import io.tailrace.bench.seats.http.HttpAnswer;
import io.tailrace.bench.seats.http.HttpPool;
import io.tailrace.bench.seats.http.Requests;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One person: wants some seats that lie side by side, takes others if they are gone, confirms, gives back or walks away. A
 * request that was not decided is sent again with its key until it is. On the client's thread.
 */
final class Buyer {
    private static final long AGAIN_MS = 200;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(90);
    private static final int MAX_SEATS = 4;

    private final Plan plan;
    private final Requests requests;
    private final HttpPool pool;
    private final Ledger ledger;
    private final String token;
    private final Random random;
    private final Runnable done;
    private int attempts;

    Buyer(Plan plan, int number, Requests requests, HttpPool pool, Ledger ledger, String token, Runnable done) {
        this.plan = plan;
        this.requests = requests;
        this.pool = pool;
        this.ledger = ledger;
        this.token = token;
        this.random = new Random(plan.seed() * 1_000_003 + number);
        this.done = done;
    }

    void start() {
        attempts++;
        List<String> seats = wanted();
        byte[] hold = requests.hold(token, plan.show(), seats, plan.holdSeconds(), key());
        decided(hold, answer -> answer.status() == 201, answer -> {
            if (answer.status() != 201) {
                ledger.notFree();
                next();
                return;
            }
            UUID reservation = UUID.fromString(answer.text("id"));
            ledger.held(reservation, seats);
            if (random.nextInt(10) == 0) {
                decided(hold, again -> again.status() / 100 == 2, again -> {
                    ledger.repeated(reservation, again);
                    goOn(reservation);
                });
            } else {
                goOn(reservation);
            }
        });
    }

    private void next() {
        if (attempts < plan.attempts()) {
            start();
        } else {
            done.run();
        }
    }

    private void goOn(UUID reservation) {
        int mood = random.nextInt(7);
        if (mood == 0) {
            done.run();
        } else if (mood == 1) {
            step(requests.release(token, reservation, key()), reservation, "released");
        } else {
            step(requests.confirm(token, reservation, key()), reservation, "confirmed");
        }
    }

    private void step(byte[] request, UUID reservation, String state) {
        decided(request, answer -> answer.status() == 200, answer -> {
            if (answer.status() == 200) {
                ledger.stepped(reservation, state);
            } else {
                ledger.stepRefused(reservation);
            }
            done.run();
        });
    }

    /** Sends a request until it is decided: as {@code accepted} says, or by 409. */
    private void decided(byte[] request, Predicate<HttpAnswer> accepted, Consumer<HttpAnswer> then) {
        decided(request, accepted, then, System.nanoTime() + PATIENCE_NS);
    }

    private void decided(byte[] request, Predicate<HttpAnswer> accepted, Consumer<HttpAnswer> then, long deadlineNs) {
        pool.send(request, answer -> {
            if (accepted.test(answer) || answer.status() == 409) {
                then.accept(answer);
            } else if (answer.status() == 0 || answer.status() == 202 || answer.status() == 503) {
                ledger.undecided();
                if (System.nanoTime() > deadlineNs) {
                    ledger.fault("not decided in 90 s, at last " + answer.shown());
                    done.run();
                } else {
                    pool.later(AGAIN_MS, () -> decided(request, accepted, then, deadlineNs));
                }
            } else {
                ledger.fault("an unexpected answer: " + answer.shown());
                done.run();
            }
        });
    }

    private List<String> wanted() {
        int count = 1 + random.nextInt(Math.min(MAX_SEATS, plan.seatsPerRow()));
        int hot = Math.max(1, plan.rows() / 5);
        int row = 1 + random.nextInt(random.nextInt(10) < 7 ? hot : plan.rows());
        int first = 1 + random.nextInt(plan.seatsPerRow() - count + 1);
        List<String> seats = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            seats.add("A-" + row + '-' + (first + i));
        }
        return seats;
    }

    private String key() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }
}
