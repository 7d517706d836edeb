package io.tailrace.bench.edge.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own. Ends with the benchmark, also on Ctrl-C. */
public final class Server implements AutoCloseable {
    private static final long START_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long STOP_TIMEOUT_S = 15;
    private static final int OUTPUT_CHARACTERS = 4_000;

    private final String name;
    private final String topicPrefix;
    private final InetSocketAddress address;
    private final Process process;
    private final Thread hook;
    private final ProcessMeter meter;
    private final Path output;

    /**
     * Starts a server and waits until it accepts connections.
     *
     * @param name its name in the report
     * @param topicPrefix what stands before a namespace in the topics that it reads
     * @param port a free one, where it will listen
     * @param builder its command
     * @param output a file for what it prints
     */
    Server(String name, String topicPrefix, int port, ProcessBuilder builder, Path output)
            throws IOException, InterruptedException {
        this.name = name;
        this.topicPrefix = topicPrefix;
        this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.output = output;
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        this.process = builder.start();
        this.hook = new Thread(process::destroyForcibly, name + "-end");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            awaitPort();
            meter = new ProcessMeter(process.pid());
        } catch (IOException | InterruptedException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** A port on which nobody listens now. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitPort() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_TIMEOUT_NS;
        while (true) {
            try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException(name + " did not start\n" + printed(), e);
                }
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    /** Its name in the report. */
    public String name() {
        return name;
    }

    /** The topic that it reads for a namespace. */
    public String topic(String namespace) {
        return topicPrefix + namespace;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** The end of what it has printed. */
    public String printed() throws IOException {
        String all = Files.readString(output);
        return all.substring(Math.max(0, all.length() - OUTPUT_CHARACTERS));
    }

    /** What it uses. */
    public ProcessMeter meter() {
        return meter;
    }

    /** Ends it as a crash would. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        meter.close();
        process.destroy();
        try {
            if (!process.waitFor(STOP_TIMEOUT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            // The JVM is ending, and the hook does it.
        }
    }
}
