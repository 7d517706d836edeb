package io.tailrace.edge.control;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this edge is called in what operators see: the machine's name (in Kubernetes the pod's) and the process id, as in {@code
 * tailrace-edge-0/17}, so that two edges on one machine can be told apart. Immutable.
 */
@Singleton
final class NodeName {
    /** Where Linux has the name without asking a resolver, which may take its time. */
    private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");

    private final String text = machine() + "/" + ProcessHandle.current().pid();

    /** The name. */
    String text() {
        return text;
    }

    private static String machine() {
        try {
            return Files.isReadable(KERNEL)
                    ? Files.readString(KERNEL).strip()
                    : InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
