package io.tailrace.edge.simulation;

/** Reads what a stream writes, fed with bytes that are cut anywhere. */
public sealed interface BlockParser permits SseParser, MessageParser, ResponseParser {
    /** The next bytes. */
    void feed(byte[] bytes, int from, int length);
}
