package io.tailrace.standalone.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What the operating system says about processes. Thread-safe; every answer may be outdated when it arrives. */
public final class ProcessTable {
    private static final Path PROC = Path.of("/proc");
    private static final long COMMAND_LIMIT_S = 5;

    private ProcessTable() {}

    /** When the living process of this number was started, milliseconds since 1970. */
    public static Optional<Long> startedAtMs(long pid) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .flatMap(process -> process.info().startInstant())
                .map(Instant::toEpochMilli);
    }

    /** Resident memory of a process and its children, bytes; shared pages count once for each of them. */
    public static long residentBytes(long pid) {
        Optional<ProcessHandle> root = ProcessHandle.of(pid);
        if (root.isEmpty()) {
            return 0;
        }
        return Stream.concat(root.stream(), root.get().descendants())
                .mapToLong(process -> residentBytesOfOne(process.pid()))
                .sum();
    }

    /** Resident memory of one process, bytes; 0 if it is not known. */
    public static long residentBytesOfOne(long pid) {
        Path status = PROC.resolve(pid + "/status");
        if (Files.exists(status)) {
            try (Stream<String> lines = Files.lines(status)) {
                return lines.filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                        .findFirst()
                        .orElse(0);
            } catch (IOException | java.io.UncheckedIOException e) {
                return 0;
            }
        }
        return number(output("ps", "-o", "rss=", "-p", String.valueOf(pid))).orElse(0) * 1024;
    }

    /** The process that listens on a TCP port, if this user may know it. */
    public static OptionalLong listener(int port) {
        if (!Files.isDirectory(PROC.resolve("self"))) {
            return number(output("lsof", "-nP", "-t", "-iTCP:" + port, "-sTCP:LISTEN"));
        }
        Set<String> sockets = new HashSet<>();
        for (String table : new String[] {"tcp", "tcp6"}) {
            sockets.addAll(listeningInodes(PROC.resolve("net/" + table), port));
        }
        if (sockets.isEmpty()) {
            return OptionalLong.empty();
        }
        return ProcessHandle.allProcesses()
                .mapToLong(ProcessHandle::pid)
                .filter(pid -> holdsAny(pid, sockets))
                .findFirst();
    }

    /** A process for people: its number and its program. */
    public static String describe(long pid) {
        String program = ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .map(command -> " (" + Path.of(command).getFileName() + ")")
                .orElse("");
        return "process " + pid + program;
    }

    /** Sends a signal by its name without {@code SIG}. */
    public static void signal(ProcessHandle process, String name) {
        switch (name) {
            case "TERM" -> process.destroy();
            case "KILL" -> process.destroyForcibly();
            default -> output("kill", "-" + name, String.valueOf(process.pid()));
        }
    }

    /** Lines of proc(5) {@code net/tcp}: number, local address:port in hex, remote, state (0A listens), .., inode. */
    private static Set<String> listeningInodes(Path table, int port) {
        Set<String> inodes = new HashSet<>();
        String suffix = String.format(Locale.ROOT, ":%04X", port);
        try (Stream<String> lines = Files.lines(table)) {
            lines.skip(1).map(line -> line.strip().split("\\s+")).forEach(columns -> {
                if (columns.length > 9 && columns[1].endsWith(suffix) && columns[3].equals("0A")) {
                    inodes.add("socket:[" + columns[9] + "]");
                }
            });
        } catch (IOException e) {
            return inodes;
        }
        return inodes;
    }

    private static boolean holdsAny(long pid, Set<String> sockets) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(PROC.resolve(pid + "/fd"))) {
            for (Path descriptor : descriptors) {
                if (sockets.contains(Files.readSymbolicLink(descriptor).toString())) {
                    return true;
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            return false;
        }
        return false;
    }

    private static OptionalLong number(String text) {
        String first = text.strip().lines().findFirst().orElse("").strip();
        return first.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(first)) : OptionalLong.empty();
    }

    private static String output(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor(COMMAND_LIMIT_S, TimeUnit.SECONDS) ? text : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
