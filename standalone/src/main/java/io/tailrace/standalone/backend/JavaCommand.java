package io.tailrace.standalone.backend;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The command line of a child JVM: small, and quick to start from the second time on. */
public final class JavaCommand {
    private JavaCommand() {}

    /**
     * A JVM with a class path.
     *
     * @param heapMib the most that its heap may take, MiB
     * @param archive where its class-data archive is kept (JEP 350); made when it ends, used from its next start on
     * @param extra further options of the JVM
     */
    public static List<String> of(
            int heapMib, Path archive, Collection<String> extra, String classPath, String mainClass) {
        List<String> command = new ArrayList<>(List.of(
                Installation.java().toString(),
                "-Xms16m",
                "-Xmx" + heapMib + "m",
                "-Xss512k",
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + archive,
                // The JVM says on every start that the JDK's own archive was made without this option.
                "-Xlog:disable",
                "-Xlog:all=warning:stderr",
                "-Xlog:cds=off:stderr",
                "-Xlog:aot=off:stderr",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.awt.headless=true"));
        command.addAll(extra);
        command.addAll(List.of("-cp", classPath, mainClass));
        return command;
    }
}
