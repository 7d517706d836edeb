package io.tailrace.standalone.backend;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * A child JVM: small, and quick to start from the second time on.
 *
 * <p>When it ends it keeps the classes that it has loaded in an archive (JEP 350), which its next start maps instead of
 * reading jars. An archive is good for exactly one class path, and the JVM does not replace one that is for another, so
 * the archive's name says which class path it is for.
 *
 * @param name of the archive
 * @param archives the folder of archives
 * @param heap its heap
 * @param extra further options
 * @param classPath where its classes are
 */
public record JavaCommand(String name, Path archives, Heap heap, List<String> extra, String classPath) {
    /**
     * The servers' own code writes numbers in the digits of the default locale, Kafka even into the names of its files. Both
     * the environment and JAVA_TOOL_OPTIONS may have set one; the command line comes last.
     */
    static final List<String> NEUTRAL_LOCALE = List.of(
            "-Duser.language=en",
            "-Duser.country=",
            "-Duser.script=",
            "-Duser.variant=",
            "-Duser.extensions=",
            "-Dfile.encoding=UTF-8");

    /** Copies the list. */
    public JavaCommand {
        extra = List.copyOf(extra);
    }

    /** The command that runs a main class. Archives of the same name for other class paths are deleted. */
    public List<String> running(String mainClass, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Installation.java().toString()));
        command.addAll(heap.options());
        command.addAll(List.of(
                "-Xss512k",
                "-XX:+UseCompactObjectHeaders",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + archive(),
                // The JVM says on every start that the JDK's own archive was made without one of these options.
                "-Xlog:disable",
                "-Xlog:all=warning:stderr",
                "-Xlog:cds*=off:stderr",
                "-Xlog:aot*=off:stderr",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.awt.headless=true"));
        command.addAll(NEUTRAL_LOCALE);
        command.addAll(extra);
        command.addAll(List.of("-cp", classPath, mainClass));
        command.addAll(List.of(arguments));
        return command;
    }

    private Path archive() throws IOException {
        Path wanted = archives.resolve(name + "-" + fingerprint() + ".jsa");
        try (DirectoryStream<Path> others = Files.newDirectoryStream(archives, name + "-????????.jsa")) {
            for (Path other : others) {
                if (!other.equals(wanted)) {
                    Files.deleteIfExists(other);
                }
            }
        }
        return wanted;
    }

    /** Of the jars' names, sizes and ages, as the JVM checks them. */
    private String fingerprint() throws IOException {
        CRC32 crc = new CRC32();
        for (String entry : classPath.split(File.pathSeparator)) {
            BasicFileAttributes file = Files.readAttributes(Path.of(entry), BasicFileAttributes.class);
            crc.update((entry + file.size() + file.lastModifiedTime().toMillis())
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }
}
