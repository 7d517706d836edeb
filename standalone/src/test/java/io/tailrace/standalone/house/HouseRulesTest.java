package io.tailrace.standalone.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HouseRulesTest {
    /** The repository keeps the rules. */
    @Nested
    class Here {
        private final HouseRules rules = new HouseRules(SourceTree.here());

        @Test
        void everyPackageSaysWhatItIsForAndIsCheckedForNulls() {
            assertThat(rules.packagesWithoutNullMarked()).isEmpty();
        }

        @Test
        void everyNameSaysSomething() {
            assertThat(rules.emptyNames()).isEmpty();
        }

        @Test
        void noFileIsTooLong() {
            assertThat(rules.longFiles()).isEmpty();
        }

        @Test
        void whoReadsTheTimeOfDayHasAReason() {
            assertThat(new WallClock(SourceTree.here()).faults()).isEmpty();
        }

        @Test
        void testsThatStartAServerOrAProcessHaveTheTagAndNoOthers() {
            assertThat(new ServerTests(SourceTree.here()).faults()).isEmpty();
        }

        @Test
        void modulesDependOnlyOnWhatTheTableAllows() {
            assertThat(rules.forbiddenModules()).isEmpty();
        }
    }

    /** The rules find what breaks them. */
    @Nested
    class Elsewhere {
        private final Path root;
        private final HouseRules rules;

        Elsewhere(@TempDir Path root) {
            this.root = root;
            this.rules = new HouseRules(new SourceTree(root));
        }

        @Test
        void aPackageWithoutNullMarkedIsNamed() throws Exception {
            write("m/src/main/java/a/A.java", "package a;\n\nclass A {}\n");
            write("m/src/main/java/b/B.java", "package b;\n\nclass B {}\n");
            write("m/src/main/java/b/package-info.java", "/** For b. */\n@NullMarked\npackage b;\n");
            write("m/src/test/java/b/BTest.java", "package b;\n\nclass BTest {}\n");
            write("n/src/main/java/b/C.java", "package b;\n\nclass C {}\n");
            write("n/src/main/java/b/package-info.java", "@NullMarked\npackage b;\n");

            assertThat(rules.packagesWithoutNullMarked())
                    .containsExactly(
                            "m: a has no package-info.java with a Javadoc and @NullMarked",
                            "n: b has no package-info.java with a Javadoc and @NullMarked");
        }

        @Test
        void anEmptyNameIsNamed() throws Exception {
            write("A.java", "// class InAManager is talk\nclass A {\n    private record JsonUtil() {}\n}\n");
            write("B.java", "public final class StreamManager {}\ninterface Manageable {}\n");

            assertThat(rules.emptyNames())
                    .containsExactly(
                            "A.java: JsonUtil does not say what it does",
                            "B.java: StreamManager does not say what it does");
        }

        @Test
        void aLongFileIsNamed() throws Exception {
            write("Long.java", "//\n".repeat(HouseRules.MAX_LINES + 1));
            write("Short.java", "//\n".repeat(HouseRules.MAX_LINES));

            assertThat(rules.longFiles()).containsExactly("Long.java: 401 lines, expected at most 400");
        }

        @Test
        void whoReadsTheTimeOfDayWithoutAReasonIsNamed() throws Exception {
            write("m/src/main/java/Deadline.java", "long endMs = System.currentTimeMillis() + 10;");
            write("m/src/main/java/Reference.java", "Supplier<Instant> now = Instant::now;");
            write("m/src/main/java/Passed.java", "import java.time.InstantSource;");
            write("m/src/main/java/Sound.java", "long endNs = System.nanoTime() + 10; Instant at = Instant.EPOCH;");
            write("m/src/test/java/SomeTest.java", "Instant now = Instant.now();");
            write("m/src/main/resources/page.js", "const end = Date.now() + 10; const began = performance.now();");
            write("m/src/main/resources/words.js", "const date = new Date(text);");
            write("m/src/main/java/Listed.java", "Instant now = Instant.now();");
            write("m/src/main/java/Bare.java", "Instant now = Instant.now();");
            write(
                    WallClock.LIST,
                    """
                    # who: why
                    m/src/main/java/Listed.java: people read it
                    m/src/main/java/Bare.java:
                    m/src/main/java/Gone.java: people read it
                    """);

            assertThat(new WallClock(new SourceTree(root)).faults())
                    .containsExactly(
                            "m/src/main/java/Bare.java is in " + WallClock.LIST + " without a reason",
                            "m/src/main/java/Deadline.java reads the time of day and is not in " + WallClock.LIST,
                            "m/src/main/java/Passed.java reads the time of day and is not in " + WallClock.LIST,
                            "m/src/main/java/Reference.java reads the time of day and is not in " + WallClock.LIST,
                            "m/src/main/resources/page.js reads the time of day and is not in " + WallClock.LIST,
                            "m/src/main/java/Gone.java is in " + WallClock.LIST + " and does not read the time of day");
        }

        @Test
        void aTestThatStartsAServerWithoutTheTagIsNamedAndSoIsOneThatHasItForNothing() throws Exception {
            // Written in parts, so that this file does not have them.
            String process = "new Process" + "Builder();";
            String broker = "import io.tailrace.backends." + "RealBroker;";
            String tests = "m/src/test/java/";
            write(tests + "Broker.java", broker + " class Broker {}");
            write(tests + "Stand.java", "class Stand { Broker broker; }");
            write(tests + "DirectTest.java", "class DirectTest {\n    // One.\n    Object it = " + process + "\n}");
            write(tests + "IndirectTest.java", "class IndirectTest { Stand stand; }");
            write(tests + "TaggedTest.java", ServerTests.TAG + " class TaggedTest { Stand stand; }");
            write(tests + "QuietTest.java", "/** Not a Broker. */ class QuietTest {\n    // Nor a Stand.\n}");
            write(tests + "IdleTest.java", ServerTests.TAG + " class IdleTest {}");
            write("n/src/test/java/OtherTest.java", "class OtherTest { Stand ofItsOwnModule; }");
            write("m/src/main/java/Started.java", "class Started { Object it = " + process + " }");
            write("system-tests/src/main/java/Launch.java", "class Launch { Object it = " + process + " }");
            write("system-tests/src/test/java/LaunchedTest.java", "class LaunchedTest { Launch it; }");

            assertThat(new ServerTests(new SourceTree(root)).faults())
                    .containsExactly(
                            tests + "DirectTest.java starts a server or a process: it needs " + ServerTests.TAG,
                            tests + "IdleTest.java has " + ServerTests.TAG
                                    + " and starts neither a server nor a process",
                            tests + "IndirectTest.java starts a server or a process: it needs " + ServerTests.TAG,
                            "system-tests/src/test/java/LaunchedTest.java starts a server or a process: it needs "
                                    + ServerTests.TAG);
        }

        @Test
        void aModuleThatDependsOnAnotherServiceIsNamed() throws Exception {
            write("pom.xml", "<module>projections</module><module>extra</module>");
            write("projections/pom.xml", dependency("contracts", "") + dependency("sse-edge", ""));

            assertThat(rules.forbiddenModules())
                    .containsExactly("projections may not depend on sse-edge", "extra is not in the module table");
        }

        @Test
        void aTestMayDependOnMore() throws Exception {
            write("pom.xml", "<module>migrations</module>");
            write("migrations/pom.xml", dependency("contracts", "<scope>test</scope>"));

            assertThat(rules.forbiddenModules()).isEmpty();
        }

        private void write(String name, String text) throws Exception {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }

        private static String dependency(String artifact, String scope) {
            return "<dependency><groupId>io.tailrace</groupId><artifactId>" + artifact + "</artifactId>" + scope
                    + "</dependency>";
        }
    }
}
