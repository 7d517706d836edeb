package io.tailrace.standalone.telemetry;

/** What is published of the machine. Each is a metric of its own; its name says the unit. */
public enum MachineMetric {
    /** Processor time used, of all processors. */
    CPU("machine: CPU %") {
        @Override
        double between(Counters before, Counters after) {
            return percent(after.busyTicks() - before.busyTicks(), after.allTicks() - before.allTicks());
        }
    },
    /** Memory in use. */
    MEMORY("machine: memory %") {
        @Override
        double between(Counters before, Counters after) {
            return percent(after.memoryUsed(), after.memoryTotal());
        }
    },
    /** Space in use. */
    DISK("machine: disk used %") {
        @Override
        double between(Counters before, Counters after) {
            return percent(after.diskUsed(), after.diskTotal());
        }
    },
    /** Bytes to and from disks. */
    DISK_RATE("machine: disk bytes/s") {
        @Override
        double between(Counters before, Counters after) {
            return perSecond(after.diskTransferred() - before.diskTransferred(), before, after);
        }
    },
    /** Bytes to and from the network, the loopback among it. */
    NETWORK_RATE("machine: network bytes/s") {
        @Override
        double between(Counters before, Counters after) {
            return perSecond(after.networkTransferred() - before.networkTransferred(), before, after);
        }
    };

    /** The API accepts values above zero only; what is zero is published as this. */
    static final double FLOOR = 0.01;

    private static final double NS_PER_S = 1e9;

    private final String title;

    MachineMetric(String title) {
        this.title = title;
    }

    /** The metric's name. */
    public String title() {
        return title;
    }

    /** The reading between two moments, at least {@value #FLOOR}, with two decimals. */
    public double reading(Counters before, Counters after) {
        return Math.max(FLOOR, Math.round(between(before, after) * 100) / 100.0);
    }

    abstract double between(Counters before, Counters after);

    private static double percent(long part, long whole) {
        return whole <= 0 ? 0 : 100.0 * part / whole;
    }

    private static double perSecond(long bytes, Counters before, Counters after) {
        return bytes * NS_PER_S / Math.max(1, after.atNs() - before.atNs());
    }
}
