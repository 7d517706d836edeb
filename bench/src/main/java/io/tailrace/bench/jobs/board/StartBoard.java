package io.tailrace.bench.jobs.board;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * When each numbered job has started, in memory that the benchmark and the process that runs the jobs share through a file. It costs
 * a job two writes to memory, and the benchmark no message. Times are {@link System#nanoTime()}, which on Linux is one clock for
 * all processes. Thread-safe, also between processes.
 */
public final class StartBoard implements AutoCloseable {
    /** The variable that names the file of the board to the process that runs jobs. */
    public static final String VARIABLE = "BENCH_JOBS_BOARD";

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final long STARTED = 0;
    private static final long REPEATED = Long.BYTES;
    private static final long FIRST = 2 * Long.BYTES;

    private final Arena arena;
    private final MemorySegment board;

    private StartBoard(Arena arena, MemorySegment board) {
        this.arena = arena;
        this.board = board;
    }

    /** A new board, on which nothing has started, for jobs from 0. */
    public static StartBoard create(Path file, int jobs) throws IOException {
        return map(file, FIRST + (long) jobs * Long.BYTES, StandardOpenOption.CREATE_NEW);
    }

    /** A board that another process has made. */
    public static StartBoard open(Path file) throws IOException {
        return map(file, java.nio.file.Files.size(file), StandardOpenOption.CREATE);
    }

    private static StartBoard map(Path file, long bytes, StandardOpenOption how) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, how)) {
            return new StartBoard(arena, channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena));
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** How many jobs there is room for. */
    public int jobs() {
        return (int) ((board.byteSize() - FIRST) / Long.BYTES);
    }

    /** A job starts now. */
    public void start(int number) {
        long nowNs = System.nanoTime();
        if (LONG.compareAndSet(board, at(number), 0L, nowNs)) {
            long unused = (long) LONG.getAndAdd(board, STARTED, 1L);
        } else {
            long unused = (long) LONG.getAndAdd(board, REPEATED, 1L);
        }
    }

    /** When a job has started first; 0 if it has not. */
    public long startedNs(int number) {
        return (long) LONG.getVolatile(board, at(number));
    }

    /** How many jobs have started. */
    public long started() {
        return (long) LONG.getVolatile(board, STARTED);
    }

    /** How often a job has started that had started before. */
    public long repeated() {
        return (long) LONG.getVolatile(board, REPEATED);
    }

    private static long at(int number) {
        return FIRST + (long) number * Long.BYTES;
    }

    @Override
    public void close() {
        arena.close();
    }
}
