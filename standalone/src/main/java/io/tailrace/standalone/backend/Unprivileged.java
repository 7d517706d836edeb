package io.tailrace.standalone.backend;

import io.tailrace.standalone.Fault;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts servers that refuse to run as root (PostgreSQL, Elasticsearch) as the user {@code nobody} where this process is
 * root; for anybody else it changes nothing.
 *
 * <p>Where a folder above the server's is closed to others, the server gets the one capability that opens it, {@code
 * CAP_DAC_OVERRIDE}. PostgreSQL asks by access(2) whether it may run its own file; that call ignores capabilities of
 * anybody but root unless the secure bit {@code no_setuid_fixup} is set (capabilities(7)).
 */
final class Unprivileged {
    private static final String USER = "nobody";
    private static final List<Path> SETPRIV =
            List.of(Path.of("/usr/bin/setpriv"), Path.of("/bin/setpriv"), Path.of("/sbin/setpriv"));

    private Unprivileged() {}

    /** Whether this process is root. */
    static boolean isRoot() {
        return System.getProperty("user.name", "").equals("root");
    }

    /** The command that runs {@code command}, which works within {@code folder}, without privileges. */
    static List<String> command(Path folder, List<String> command) throws IOException {
        if (!isRoot()) {
            return command;
        }
        Path setpriv = SETPRIV.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new Fault("PostgreSQL and Elasticsearch refuse to run as root, and there is no "
                        + "setpriv to change the user: install util-linux or start as another user"));
        UserPrincipal user = user(folder);
        String uid = String.valueOf(Files.getAttribute(owned(folder, user), "unix:uid"));
        List<String> all =
                new ArrayList<>(List.of(setpriv.toString(), "--reuid=" + uid, "--regid=" + uid, "--clear-groups"));
        if (!isOpenToOthers(folder)) {
            all.add("--inh-caps=+dac_override");
            all.add("--ambient-caps=+dac_override");
            all.add("--securebits=+no_setuid_fixup");
        }
        all.addAll(command);
        return all;
    }

    /** Gives a folder and all that is in it to the user that {@link #command} runs as. */
    static void give(Path folder) throws IOException {
        if (!isRoot()) {
            return;
        }
        UserPrincipal user = user(folder);
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                owned(directory, user);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                owned(file, user);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static Path owned(Path file, UserPrincipal user) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (!view.getOwner().equals(user)) {
            view.setOwner(user);
        }
        return file;
    }

    private static UserPrincipal user(Path folder) throws IOException {
        return folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER);
    }

    private static boolean isOpenToOthers(Path folder) throws IOException {
        for (Path above = folder.toAbsolutePath().getParent(); above != null; above = above.getParent()) {
            if (!Files.getPosixFilePermissions(above).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return false;
            }
        }
        return true;
    }
}
