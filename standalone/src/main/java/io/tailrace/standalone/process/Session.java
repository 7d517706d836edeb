package io.tailrace.standalone.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts commands in a session of their own. Ctrl-C sends SIGINT to every process of the terminal's foreground group;
 * children must not get it, because the supervisor stops them in order.
 */
public final class Session {
    private static final List<String> PREFIX = prefix();

    private Session() {}

    /** The command that starts {@code command} in a session of its own, under the same process id. */
    public static List<String> own(List<String> command) {
        List<String> all = new ArrayList<>(PREFIX);
        all.addAll(command);
        return all;
    }

    private static List<String> prefix() {
        for (String folder : List.of("/usr/bin", "/bin", "/usr/local/bin", "/opt/homebrew/bin")) {
            if (Files.isExecutable(Path.of(folder, "setsid"))) {
                return List.of(folder + "/setsid");
            }
        }
        return Files.isExecutable(Path.of("/usr/bin/perl"))
                ? List.of("/usr/bin/perl", "-e", "use POSIX; POSIX::setsid(); exec @ARGV or die $!", "--")
                : List.of();
    }
}
