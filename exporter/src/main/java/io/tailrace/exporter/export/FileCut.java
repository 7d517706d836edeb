package io.tailrace.exporter.export;

/** Where a file ends: with the record that brings it to its bounds. Pure; confined to one thread. */
public final class FileCut {
    private final int rows;
    private final long bytes;
    private int rowsNow;
    private long bytesNow;

    /** Of the files of a plan. */
    public FileCut(ExportPlan plan) {
        this.rows = plan.rowsPerFile();
        this.bytes = plan.bytesPerFile();
    }

    /**
     * A record was added to the file.
     *
     * @param size of its key and value, in bytes
     * @return whether the file ends with it; then the next record is the first one of another file
     */
    public boolean endsWith(long size) {
        rowsNow++;
        bytesNow += size;
        boolean ends = rowsNow >= rows || bytesNow >= bytes;
        if (ends) {
            rowsNow = 0;
            bytesNow = 0;
        }
        return ends;
    }
}
