package io.tailrace.bench.swarm;

/** Takes the frames of a {@link Swarm}, on the swarm's thread. */
@FunctionalInterface
public interface Frames {
    /**
     * One whole frame, without the empty line that ends it.
     *
     * @param stream the number of the stream, from 0
     * @param bytes holds the frame; valid during the call only
     * @param from where it begins
     * @param to where it ends, exclusive
     * @param arrivedNs when the bytes were read, as {@link System#nanoTime()}
     */
    void frame(int stream, byte[] bytes, int from, int to, long arrivedNs);
}
