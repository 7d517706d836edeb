package io.tailrace.bench.feed;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;

/**
 * Asks the broker every 20 ms for the open transactions of the feed application, and keeps the age of the oldest that it
 * has seen. A thread of its own.
 */
final class TransactionWatch implements AutoCloseable {
    private static final long PAUSE_NS = 20_000_000;
    private static final String APPLICATION = "tailrace-feed-";

    private final Admin admin;
    private final Thread thread = new Thread(this::run, "transaction-watch");
    private volatile boolean closed;
    private volatile long longestMs;

    TransactionWatch(String bootstrap) {
        admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        thread.start();
    }

    /** The age of the oldest transaction that was seen, in milliseconds. */
    long longestMs() {
        return longestMs;
    }

    private void run() {
        while (!closed) {
            try {
                look();
            } catch (ExecutionException ended) {
                // A transaction that has ended in between cannot be described.
                LockSupport.parkNanos(PAUSE_NS);
            } catch (InterruptedException e) {
                return;
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    private void look() throws ExecutionException, InterruptedException {
        List<String> open = admin
                .listTransactions(new ListTransactionsOptions()
                        .filterStates(List.of(TransactionState.ONGOING, TransactionState.PREPARE_COMMIT)))
                .all()
                .get()
                .stream()
                .map(TransactionListing::transactionalId)
                .filter(id -> id.startsWith(APPLICATION))
                .toList();
        for (TransactionDescription transaction :
                admin.describeTransactions(open).all().get().values()) {
            boolean isOpen = transaction.state() == TransactionState.ONGOING
                    || transaction.state() == TransactionState.PREPARE_COMMIT;
            if (isOpen && transaction.transactionStartTimeMs().isPresent()) {
                long ageMs = System.currentTimeMillis()
                        - transaction.transactionStartTimeMs().getAsLong();
                longestMs = Math.max(longestMs, ageMs);
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.interrupt();
        thread.join();
        admin.close();
    }
}
