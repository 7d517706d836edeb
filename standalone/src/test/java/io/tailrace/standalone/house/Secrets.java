package io.tailrace.standalone.house;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Finds what looks like a secret in the text files of a source tree: private keys, signed tokens, keys of well-known
 * services. Folders that are made (builds, data, downloads) are not looked at: they are in no repository.
 */
final class Secrets {
    private static final Map<String, Pattern> KINDS = new TreeMap<>(Map.of(
            "a private key", Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----\\s+[A-Za-z0-9+/=]{16}"),
            "a private JWK", Pattern.compile("\"d\"\\s*:\\s*\"[A-Za-z0-9_-]{40,}\""),
            "a signed token", Pattern.compile("eyJ[A-Za-z0-9_-]{16,}\\.eyJ[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{40,}"),
            "an AWS key", Pattern.compile("\\b(AKIA|ASIA)[0-9A-Z]{16}\\b"),
            "a GitHub token", Pattern.compile("\\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{40,})\\b"),
            "a Slack token", Pattern.compile("\\bxox[abprs]-[A-Za-z0-9-]{20,}"),
            "a password in a URL", Pattern.compile("[a-z]+://[A-Za-z0-9_.-]+:[A-Za-z0-9]{12,}@")));

    private static final Set<String> MADE =
            Set.of("target", ".git", ".tailrace", "node_modules", ".venv", "secrets", ".idea", "dist");
    private static final long MAX_BYTES = 2_000_000;

    private Secrets() {}

    /** What was found, a line for each: the file and the kind, never the secret. */
    static List<String> in(Path root) throws IOException {
        List<String> found = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return !folder.equals(root) && MADE.contains(String.valueOf(folder.getFileName()))
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile() && attributes.size() <= MAX_BYTES) {
                    look(root, file, found);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return found.stream().sorted().toList();
    }

    private static void look(Path root, Path file, List<String> found) throws IOException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (MalformedInputException e) {
            // Not a text: an image, an archive.
            return;
        }
        KINDS.forEach((kind, pattern) -> {
            if (pattern.matcher(text).find()) {
                found.add(root.relativize(file) + " holds what looks like " + kind);
            }
        });
    }
}
