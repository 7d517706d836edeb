package io.tailrace.edge.control;

/** An administrator ends streams. A client may come back: whoever is to stay away needs a token that does not allow it. */
sealed interface Disconnect extends ControlMessage {
    /** The administrator, as the token of the request names it. */
    String by();

    /**
     * One stream.
     *
     * @param connectionId the stream
     * @param by see {@link #by}
     */
    record Connection(String connectionId, String by) implements Disconnect {
        /** The type of its events. */
        static final String TYPE = "stream_disconnect_requested";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String key() {
            return connectionId;
        }
    }

    /**
     * All streams that have a token of one subject.
     *
     * @param subject the subject
     * @param by see {@link #by}
     */
    record Subject(String subject, String by) implements Disconnect {
        /** The type of its events. */
        static final String TYPE = "subject_disconnect_requested";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public String key() {
            return subject;
        }
    }
}
