package io.tailrace.edge.window;

/**
 * One partition of one namespace's topic.
 *
 * @param namespace the namespace's number, 1 to 127
 * @param partition the partition's number
 */
public record PartitionId(int namespace, int partition) implements Comparable<PartitionId> {
    @Override
    public int compareTo(PartitionId other) {
        int byNamespace = Integer.compare(namespace, other.namespace);
        return byNamespace != 0 ? byNamespace : Integer.compare(partition, other.partition);
    }

    @Override
    public String toString() {
        return namespace + "/" + partition;
    }
}
