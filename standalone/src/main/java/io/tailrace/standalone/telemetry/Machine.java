package io.tailrace.standalone.telemetry;

import java.util.List;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.CentralProcessor.TickType;
import oshi.hardware.GlobalMemory;
import oshi.hardware.HWDiskStore;
import oshi.hardware.NetworkIF;
import oshi.software.os.OSFileStore;

/** This machine, read by OSHI. Not thread-safe. */
public final class Machine {
    private final SystemInfo system = new SystemInfo();
    private final CentralProcessor processor = system.getHardware().getProcessor();
    private final GlobalMemory memory = system.getHardware().getMemory();
    private final List<HWDiskStore> disks = system.getHardware().getDiskStores();
    private final List<NetworkIF> networks = system.getHardware().getNetworkIFs(true);
    private final List<OSFileStore> files =
            system.getOperatingSystem().getFileSystem().getFileStores(true);

    /** Takes stock of the hardware; disks and networks that come later are not seen. */
    public Machine() {}

    /** What it has counted until now. */
    public Counters read() {
        long[] ticks = processor.getSystemCpuLoadTicks();
        long all = 0;
        for (long tick : ticks) {
            all += tick;
        }
        long idle = ticks[TickType.IDLE.getIndex()] + ticks[TickType.IOWAIT.getIndex()];
        files.forEach(OSFileStore::updateAttributes);
        long diskTotal = files.stream().mapToLong(OSFileStore::getTotalSpace).sum();
        long diskFree = files.stream().mapToLong(OSFileStore::getFreeSpace).sum();
        return new Counters(
                System.nanoTime(),
                all - idle,
                all,
                memory.getTotal() - memory.getAvailable(),
                memory.getTotal(),
                diskTotal - diskFree,
                diskTotal,
                diskTransferred(),
                networkTransferred());
    }

    private long diskTransferred() {
        long sum = 0;
        for (HWDiskStore disk : disks) {
            if (disk.updateAttributes()) {
                sum += disk.getReadBytes() + disk.getWriteBytes();
            }
        }
        return sum;
    }

    private long networkTransferred() {
        long sum = 0;
        for (NetworkIF network : networks) {
            if (network.updateAttributes()) {
                sum += network.getBytesRecv() + network.getBytesSent();
            }
        }
        return sum;
    }
}
