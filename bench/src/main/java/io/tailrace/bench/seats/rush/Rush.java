package io.tailrace.bench.seats.rush;

import io.tailrace.bench.seats.http.HttpPool;
import io.tailrace.bench.seats.http.Requests;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets all buyers of a plan loose. */
public final class Rush {
    private final Ledger ledger = new Ledger();
    private final HttpPool pool;
    private final CountDownLatch left;

    private Rush(HttpPool pool, int buyers) {
        this.pool = pool;
        this.left = new CountDownLatch(buyers);
    }

    /**
     * Starts a rush; it goes on by itself.
     *
     * @param tokens one for each buyer
     */
    public static Rush start(Plan plan, Requests requests, HttpPool pool, List<String> tokens) {
        Rush rush = new Rush(pool, plan.buyers());
        pool.run(() -> {
            for (int i = 0; i < plan.buyers(); i++) {
                Buyer buyer = new Buyer(plan, i, requests, pool, rush.ledger, tokens.get(i), rush.left::countDown);
                pool.later((long) plan.overMs() * i / plan.buyers(), buyer::start);
            }
        });
        return rush;
    }

    /** Waits until the last buyer is done, and gives what they were told. */
    public Ledger await() throws InterruptedException {
        while (!left.await(100, TimeUnit.MILLISECONDS)) {
            pool.check();
        }
        return ledger;
    }
}
