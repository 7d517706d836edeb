package io.tailrace.standalone.backend;

import java.util.Locale;

/** Which machine this is, as the archives of the servers name it. */
final class Platform {
    private Platform() {}

    /** For example {@code linux-amd64} or {@code darwin-arm64}. */
    static String current() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return (system.contains("mac") ? "darwin" : system.contains("win") ? "windows" : "linux")
                + "-"
                + (machine.contains("aarch64") || machine.contains("arm64") ? "arm64" : "amd64");
    }
}
