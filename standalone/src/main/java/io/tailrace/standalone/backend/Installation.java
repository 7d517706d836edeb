package io.tailrace.standalone.backend;

import io.tailrace.standalone.Fault;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What Maven built and brought. Immutable.
 *
 * @param home the root of the repository
 */
public record Installation(Path home) {
    /** The class path of a module that is run: its own jar first. */
    public String classPath(String module) {
        Path target = home.resolve(module).resolve("target");
        return file(target, module + "-*.jar") + java.io.File.pathSeparator + read(target.resolve("classpath"));
    }

    /** The class path of the Kafka broker, which no service shares. */
    public String brokerClassPath() {
        return read(home.resolve("standalone/target/broker.classpath"))
                + java.io.File.pathSeparator
                + classPath("standalone");
    }

    /** A server's archive, by a pattern of its file name. */
    public Path archive(String pattern) {
        return file(home.resolve("standalone/target/backends"), pattern);
    }

    /** The program that runs this JVM. */
    public static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    private static Path file(Path folder, String pattern) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, pattern)) {
            for (Path file : files) {
                return file;
            }
        } catch (IOException e) {
            throw new Fault(folder + " is missing: run mvn package", e);
        }
        throw new Fault(folder.resolve(pattern) + " is missing: run mvn package");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new Fault(file + " is missing: run mvn package", e);
        }
    }
}
