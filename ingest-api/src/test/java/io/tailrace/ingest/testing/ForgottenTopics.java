package io.tailrace.ingest.testing;

/** What the brokers do after weeks: topics that forget by time alone have nothing of before. */
public final class ForgottenTopics {
    /** What queues are called whose topics of released jobs are nobody else's, and may be emptied. */
    public static final String OWN_QUEUE = "erased";

    private static final String ENDS_OF_JOBS = "(\"tailrace\\.(job-(commands|events|logs|ready\\.(?!" + OWN_QUEUE
            + ")[^\"]*)|channels\\.jobs?)-\\d+\":)\\d+";

    private ForgottenTopics() {}

    /**
     * Has the channels of feeds forget what they have. The topics of jobs are read by other servers of this JVM, so nothing is deleted
     * there: the erasures of a database are told that these had nothing.
     */
    public static void forget(TestPostgres database) {
        TestBroker.shared().forgetDeliveredPosts();
        database.update(
                "update erasures set channel_ends = regexp_replace(channel_ends, ?, '\\10', 'g')"
                        + " where channel_ends is not null",
                ENDS_OF_JOBS);
    }
}
