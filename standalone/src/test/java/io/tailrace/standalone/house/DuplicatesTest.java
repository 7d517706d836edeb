package io.tailrace.standalone.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuplicatesTest {
    @Test
    void noCodeIsWrittenTwiceWithoutAReason() {
        assertThat(new Duplicates(SourceTree.here()).faults()).isEmpty();
    }

    /** The rule finds what breaks it. */
    @Nested
    class Elsewhere {
        private static final String A = "m/src/main/java/A.java";
        private static final String B = "m/src/main/java/B.java";

        @TempDir
        private Path root;

        @BeforeEach
        void anEmptyList() throws Exception {
            write(Duplicates.LIST, "# how many, which, why\n");
        }

        @Test
        void aLongRunIsNamedWithItsPlaces() throws Exception {
            write(A, "class A {\n" + lines("x", 13) + "}\n");
            write(B, "class B {\n\n" + lines("x", 12) + "other();\n}\n");
            write("m/src/main/java/C.java", "class C {\n" + lines("y", 3) + lines("x", 13) + "}\n");

            // The bracket that ends the class is a line of the run, too.
            assertThat(faults())
                    .containsExactly(A + ":2 ~ m/src/main/java/C.java:5: 14 equal lines, expected at most 12 or a"
                            + " reason in " + Duplicates.LIST);
        }

        @Test
        void whiteSpaceCommentsAndImportsMakeNoDifference() throws Exception {
            write(A, "import a.A;\nclass A {\n" + lines("x", 7) + "/* one\n two */\n" + lines("z", 7));
            write(B, "class B {\n" + lines("x", 7).replace("(", " ( ") + "\n// one\nimport b.B;\n" + lines("z", 7));

            assertThat(faults())
                    .containsExactly(A + ":3 ~ " + B + ":2: 14 equal lines, expected at most 12 or a reason in "
                            + Duplicates.LIST);
        }

        @Test
        void aRunWithinAFileIsNamedAndOneThatOverlapsItselfIsNot() throws Exception {
            write("m/a.py", lines("x", 13) + "other()\n" + lines("x", 13));
            write("m/b.js", "same();\n".repeat(20));

            assertThat(faults())
                    .containsExactly("m/a.py:1 ~ m/a.py:15: 13 equal lines, expected at most 12 or a reason in "
                            + Duplicates.LIST);
        }

        @Test
        void testsMayRepeatThemselves() throws Exception {
            write("m/src/test/java/ATest.java", lines("x", 30));
            write("m/src/test/java/BTest.java", lines("x", 30));
            write("clients/a/test/a.test.js", lines("x", 30));

            assertThat(faults()).isEmpty();
        }

        @Test
        void aListedRunMayStandAndMayNotGrow() throws Exception {
            write(A, lines("x", 14));
            write(B, lines("x", 14));

            write(Duplicates.LIST, "14 " + A + " ~ " + B + ": two frameworks call them\n");
            assertThat(faults()).isEmpty();
            write(Duplicates.LIST, "13 " + A + " ~ " + B + ": two frameworks call them\n");
            assertThat(faults())
                    .containsExactly(
                            A + ":1 ~ " + B + ":1: 14 equal lines, expected at most the 13 of " + Duplicates.LIST);
        }

        @Test
        void aLineOfTheListWithoutAReasonOrARepetitionIsNamedAndSoIsAMalformedOne() throws Exception {
            write(A, lines("x", 14));
            write(B, lines("x", 14));
            write(Duplicates.LIST, "14 " + A + " ~ " + B + ":\n15 " + A + " ~ gone/C.java: was one\n" + A + "\n");

            assertThat(faults())
                    .containsExactly(
                            Duplicates.LIST + ": \"" + A + "\", expected LINES FILE ~ FILE: REASON",
                            A + " ~ " + B + " is in " + Duplicates.LIST + " without a reason",
                            A + " ~ gone/C.java is in " + Duplicates.LIST + " and is no repetition");
        }

        private List<String> faults() {
            return new Duplicates(new SourceTree(root)).faults();
        }

        /** Lines of code that differ from each other. */
        private static String lines(String name, int count) {
            return IntStream.range(0, count)
                    .mapToObj(i -> "    " + name + i + "(" + i + ");\n")
                    .collect(Collectors.joining());
        }

        private void write(String name, String text) throws Exception {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
    }
}
