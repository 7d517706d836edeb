package io.tailrace.systemtests.fuzz.request;

/**
 * One connection's worth of bytes, and how to look at what comes back. Nobody changes the bytes.
 *
 * @param number with the seed it makes the same case again, but for ids and tokens
 * @param family what kind of wrong it is
 * @param source the request that it was made of
 * @param bytes what is sent
 * @param reading how the answer is read
 * @param head whether the answer has no body whatever its headers say
 * @param answerOwed whether a connection that is closed without an answer is a fault
 * @param mustBeRefused whether an answer with 2xx is a fault
 */
@SuppressWarnings("ArrayRecordComponent")
public record Case(
        long number,
        String family,
        String source,
        byte[] bytes,
        Reading reading,
        boolean head,
        boolean answerOwed,
        boolean mustBeRefused) {
    /** How the answer is read. */
    public enum Reading {
        /** The first answer, then the connection is dropped. */
        ONE_ANSWER,
        /** Every answer until the server closes, which the last request asks it to do. */
        ALL_ANSWERS,
        /** Frames of HTTP/2. */
        HTTP2,
        /** An answer, and if it is 101, frames. */
        WEBSOCKET,
        /** Nothing: the client is gone before there can be an answer. */
        NOTHING
    }

    /** Its name in reports. */
    @Override
    public String toString() {
        return "#" + number + " " + family + " of " + source;
    }
}
