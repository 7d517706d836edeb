package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The site of the documentation, made as its users make it. A link that leads nowhere ends the build. */
@Tag("server")
class DocumentationSiteTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path SITE = Path.of("target", "site").toAbsolutePath();
    private static final Path OUTPUT = Path.of("target", "site.log").toAbsolutePath();

    @Test
    @Timeout(value = 6, unit = TimeUnit.MINUTES)
    void every_page_of_the_repository_is_on_it_and_can_be_found() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(ROOT.resolve("tailrace").toString(), "docs", "site")
                .redirectErrorStream(true)
                .redirectOutput(OUTPUT.toFile());
        builder.environment().put("TAILRACE_SITE", SITE.toString());

        Process process = builder.start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }

        assertThat(process.exitValue()).as(Files.readString(OUTPUT)).isZero();
        assertThat(SITE.resolve("index.html")).content().contains("The guarantee", "class=\"mermaid\"");
        assertThat(SITE.resolve("index.html")).content().containsPattern("<img src=\"/assets/live-page[^\"]*\\.png\"");
        for (Path page : pages()) {
            assertThat(SITE.resolve(place(page))).isRegularFile();
        }
        assertThat(SITE.resolve("files/deploy/proxy/routes.conf.txt"))
                .hasSameTextualContentAs(ROOT.resolve("deploy/proxy/routes.conf"));
        try (Stream<Path> made = Files.walk(SITE.resolve("assets"))) {
            assertThat(made.filter(file -> file.toString().contains("localSearchIndex")))
                    .isNotEmpty();
        }
    }

    private static List<Path> pages() throws Exception {
        try (Stream<Path> pages = Files.walk(ROOT.resolve("docs"))) {
            return pages.filter(page ->
                            page.toString().endsWith(".md") && !page.toString().contains("node_modules"))
                    .map(ROOT::relativize)
                    .toList();
        }
    }

    private static String place(Path page) {
        return page.toString().replaceFirst("README\\.md$", "index.html").replaceFirst("\\.md$", ".html");
    }
}
