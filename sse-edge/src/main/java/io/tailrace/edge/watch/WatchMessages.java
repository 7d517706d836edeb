package io.tailrace.edge.watch;

import io.tailrace.grpc.series.v1.WatchResponse;

/** Numbers the messages of a watch and gives each its cursor. Not thread-safe. */
public final class WatchMessages {
    private final WatchQuestion question;
    private final long numbering;
    private long sequence;

    /**
     * The messages of a call.
     *
     * @param numbering names the numbering
     * @param sequence the number of the last message before them; 0 if there is none
     */
    public WatchMessages(WatchQuestion question, long numbering, long sequence) {
        this.question = question;
        this.numbering = numbering;
        this.sequence = sequence;
    }

    /** The name of the numbering, as clients see it. */
    public String epoch() {
        return Long.toHexString(numbering);
    }

    /**
     * The next message.
     *
     * @param event what is told
     * @param told which windows the history has told with it
     * @param position the cursor of the channel behind it
     */
    public byte[] next(WatchResponse.Builder event, SentWindows told, String position) {
        sequence++;
        WatchCursor cursor = new WatchCursor(numbering, sequence, question.fromMs(), told, position);
        return event.setSequence(sequence)
                .setCursor(cursor.encode(question.metric().toString(), question.resolution(), question.toMs()))
                .build()
                .toByteArray();
    }
}
