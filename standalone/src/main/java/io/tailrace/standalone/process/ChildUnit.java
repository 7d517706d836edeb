package io.tailrace.standalone.process;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A unit that is a child process. One start at a time; the other methods may be called at any time. */
public final class ChildUnit implements Unit {
    private static final long FIRST_PROBE_PAUSE_MS = 50;
    private static final long LONGEST_PROBE_PAUSE_MS = 250;
    private static final long KILL_LIMIT_S = 10;

    private final Server server;
    private final LogFile log;
    private @Nullable Process process;
    private String stopSignal = "TERM";
    private boolean unwanted;

    /** A unit for a server whose output goes to a file. */
    public ChildUnit(Server server, LogFile log) {
        this.server = server;
        this.log = log;
    }

    @Override
    public void start(Progress progress) throws Exception {
        synchronized (this) {
            unwanted = false;
        }
        Launch launch = server.prepare(progress);
        Process started = spawn(launch);
        progress.changed();
        progress.doing("starting");
        try {
            feed(started, launch.input());
            awaitReady(started);
        } catch (Exception e) {
            kill(started);
            throw e;
        }
        started.onExit().thenAccept(ended -> progress.ended("ended with " + exit(ended.exitValue())));
    }

    private synchronized Process spawn(Launch launch) throws IOException, InterruptedException {
        if (unwanted || Thread.interrupted()) {
            throw new InterruptedException("no longer wanted");
        }
        log.rotate();
        ProcessBuilder builder = new ProcessBuilder(Session.own(launch.command()))
                .directory(launch.folder().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.path().toFile()));
        builder.environment().putAll(launch.environment());
        Process started = builder.start();
        process = started;
        stopSignal = launch.stopSignal();
        return started;
    }

    /** Without input the pipe is closed; with input it stays open until this process ends. */
    @SuppressWarnings("StreamResourceLeak")
    private static void feed(Process started, byte[] input) throws IOException {
        OutputStream in = started.getOutputStream();
        if (input.length == 0) {
            in.close();
        } else {
            in.write(input);
            in.flush();
        }
    }

    private void awaitReady(Process started) throws Exception {
        Probe probe = server.probe();
        long pauseMs = FIRST_PROBE_PAUSE_MS;
        while (!answers(probe)) {
            if (started.waitFor(pauseMs, TimeUnit.MILLISECONDS)) {
                throw new IOException("ended with " + exit(started.exitValue()) + " before it was ready");
            }
            pauseMs = Math.min(LONGEST_PROBE_PAUSE_MS, pauseMs * 5 / 4);
        }
    }

    private static boolean answers(Probe probe) throws InterruptedException {
        try {
            return probe.isReady();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return false;
        }
    }

    @Override
    public void stop(boolean force) {
        Process running;
        synchronized (this) {
            unwanted = true;
            running = process;
        }
        if (running == null) {
            return;
        }
        try {
            if (force) {
                kill(running);
            } else {
                ProcessTable.signal(running.toHandle(), stopSignal);
                running.waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void kill(Process running) throws InterruptedException {
        boolean interrupted = Thread.interrupted();
        List<ProcessHandle> descendants = running.descendants().toList();
        running.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
        running.waitFor(KILL_LIMIT_S, TimeUnit.SECONDS);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public List<String> reportedAs() {
        return List.of(server.name());
    }

    @Override
    public synchronized OptionalLong pid() {
        return process != null && process.isAlive() ? OptionalLong.of(process.pid()) : OptionalLong.empty();
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public LogFile log() {
        return log;
    }

    /** 128 + the signal's number is how a shell and the JDK show a death by signal. */
    private static String exit(int code) {
        return switch (code) {
            case 137 -> "SIGKILL";
            case 139 -> "SIGSEGV";
            case 143 -> "SIGTERM";
            default -> "exit code " + code;
        };
    }
}
