package io.tailrace.bench.edge.server;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.jspecify.annotations.Nullable;

/** CPU, memory and Kafka traffic of a JVM, seen from outside. Used by one thread. */
public final class ProcessMeter implements AutoCloseable {
    /** USER_HZ, which is 100 on every Linux that runs Java. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int USER_TICKS = 11;
    private static final int COLLECTIONS = 3;
    private static final int IDLE_CHECKS = 50;
    private static final double IDLE_CPU_SECONDS = 0.02;
    private static final long PAUSE_MS = 200;

    private final long pid;
    private @Nullable JMXConnector connector;

    /** The meter of a process. What needs more than the kernel's word needs a JVM other than this one. */
    public ProcessMeter(long pid) {
        this.pid = pid;
    }

    /** CPU seconds that the process has used, user and system. */
    public double cpuSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
        // The name is in parentheses, and may have spaces and parentheses of its own.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[USER_TICKS + 1])) / TICKS_PER_SECOND;
    }

    /** Waits, bounded, until the process has hardly anything to do. */
    public void awaitIdle() throws IOException, InterruptedException {
        double before = cpuSeconds();
        for (int i = 0; i < IDLE_CHECKS; i++) {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
            double now = cpuSeconds();
            if (now - before <= IDLE_CPU_SECONDS) {
                return;
            }
            before = now;
        }
    }

    /** Memory of the machine that the process has, in bytes. */
    public long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(pid), "smaps_rollup"))) {
            if (line.startsWith("Rss:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        throw new IOException("process " + pid + " has no resident memory");
    }

    /** What lives on the heap, in bytes: collects the garbage first. */
    public long liveHeapBytes() throws IOException, InterruptedException {
        MemoryMXBean memory = ManagementFactory.newPlatformMXBeanProxy(
                beans(), ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
        for (int i = 0; i < COLLECTIONS; i++) {
            memory.gc();
            // Cleaners run on a thread of their own.
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
        return memory.getHeapMemoryUsage().getUsed();
    }

    /** Bytes that the process has received from Kafka's brokers through consumers that it has now. */
    public long kafkaBytesReceived() throws IOException {
        try {
            double sum = 0;
            for (ObjectName name :
                    beans().queryNames(new ObjectName("kafka.consumer:type=consumer-metrics,client-id=*"), null)) {
                sum += (Double) beans().getAttribute(name, "incoming-byte-total");
            }
            return (long) sum;
        } catch (JMException e) {
            throw new IOException("process " + pid + " does not tell what it got from Kafka", e);
        }
    }

    /** How many threads have a name that begins so. */
    public long threads(String prefix) throws IOException {
        var threads = ManagementFactory.newPlatformMXBeanProxy(
                beans(), ManagementFactory.THREAD_MXBEAN_NAME, java.lang.management.ThreadMXBean.class);
        return java.util.Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(info -> info != null && info.getThreadName().startsWith(prefix))
                .count();
    }

    @SuppressWarnings("BanJNDI") // the address is of a process that the benchmark has started
    private MBeanServerConnection beans() throws IOException {
        JMXConnector known = connector;
        if (known == null) {
            try {
                VirtualMachine machine = VirtualMachine.attach(String.valueOf(pid));
                known = JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
                machine.detach();
            } catch (AttachNotSupportedException e) {
                throw new IOException("process " + pid + " is no JVM that can be measured", e);
            }
            connector = known;
        }
        return known.getMBeanServerConnection();
    }

    @Override
    public void close() {
        JMXConnector known = connector;
        if (known != null) {
            try {
                known.close();
            } catch (IOException e) {
                // The process has ended before.
            }
        }
    }
}
