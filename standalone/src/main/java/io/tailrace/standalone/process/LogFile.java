package io.tailrace.standalone.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The file that a child's output is appended to, kept within bounds: above {@code maxBytes} it is copied to
 * {@code <name>.1} and cut to nothing. The child appends (O_APPEND), so it goes on at the start. Lines that it writes
 * between the copy and the cut are lost; a pipe through the supervisor would not lose them, but would end the child
 * when the supervisor is killed.
 *
 * @param path the file
 * @param maxBytes its bound
 */
public record LogFile(Path path, long maxBytes) {
    private static final int TAIL_BYTES = 64 * 1024;

    /** Cuts the file if it has outgrown its bound. */
    public void rotate() throws IOException {
        if (Files.exists(path) && Files.size(path) > maxBytes) {
            Files.copy(path, path.resolveSibling(path.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            FileChannel.open(path, StandardOpenOption.WRITE).truncate(0).close();
        }
    }

    /** Its last lines, at most {@code count} and at most 64 KiB of them; empty if it cannot be read. */
    public List<String> lastLines(int count) {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            long from = Math.max(0, file.length() - TAIL_BYTES);
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(bytes);
            List<String> lines = new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        } catch (IOException e) {
            return List.of();
        }
    }
}
