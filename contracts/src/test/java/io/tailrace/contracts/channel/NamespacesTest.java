package io.tailrace.contracts.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tailrace.contracts.channel.Namespace.Audience;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamespacesTest {
    private static final String VALID =
            """
            x.number=9
            x.partitions=3
            x.retention=PT1H
            x.subscribe=owner
            x.publish=grant
            x.start=last:5
            """;

    @Test
    void aDeclarationIsRead() throws IOException {
        Namespaces namespaces = read(VALID);

        Namespace expected = new Namespace(
                "x",
                9,
                3,
                Duration.ofHours(1),
                Audience.OWNER,
                Audience.GRANT,
                Audience.OWNER,
                Audience.GRANT,
                new StartPosition.Last(5),
                false);
        assertThat(namespaces.all()).containsExactly(expected);
        assertThat(namespaces.of(new Channel("x:1"))).contains(expected);
        assertThat(namespaces.of(new Channel("y:1"))).isEmpty();
        assertThat(namespaces.byNumber(9)).contains(expected);
        assertThat(namespaces.byNumber(1)).isEmpty();
        assertThat(expected.topic()).isEqualTo("tailrace.channels.x");
    }

    @Test
    void channelsOfMorePartsMayHaveAnAudienceOfTheirOwn() throws IOException {
        Namespace namespace = read(VALID + "x.nested_subscribe=public\nx.nested_publish=none\n")
                .byNumber(9)
                .orElseThrow();

        assertThat(namespace.subscribe(new Channel("x"))).isEqualTo(Audience.OWNER);
        assertThat(namespace.publish(new Channel("x"))).isEqualTo(Audience.GRANT);
        assertThat(namespace.subscribe(new Channel("x:1:2"))).isEqualTo(Audience.PUBLIC);
        assertThat(namespace.publish(new Channel("x:1"))).isEqualTo(Audience.NONE);
    }

    @Test
    void onlyTheLatestMayMatter() throws IOException {
        assertThat(read(VALID + "x.latest_only=true").all()).allMatch(Namespace::latestOnly);
        assertThat(read(VALID + "x.latest_only=false").all()).noneMatch(Namespace::latestOnly);
    }

    @Test
    void theNamespacesThatShipAreValidAndTheirNumbersStayAsTheyAre() {
        assertThat(Namespaces.builtIn().all())
                .extracting(namespace -> namespace.number() + " " + namespace.name() + " " + namespace.partitions())
                .as("numbers stand in cursors, and a channel's partition depends on the count")
                .contains(
                        "1 feed 6",
                        "2 user 6",
                        "3 show 6",
                        "4 metrics 1",
                        "5 logs 6",
                        "6 chat 6",
                        "7 news 6",
                        "8 author 6",
                        "9 search 1",
                        "10 workflows 6",
                        "11 alerts 3",
                        "12 dashboards 3",
                        "13 functions 3",
                        "14 jobs 3",
                        "15 job 6",
                        "16 series 3",
                        "17 upload 6",
                        "18 answer 6");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x.number=0|namespace x: number 0, expected 1 to 127",
                "x.number=128|namespace x: number 128, expected 1 to 127",
                "x.number=nine|x.number: \"nine\", expected a whole number",
                "x.number=|x.number is missing",
                "x.partitions=0|namespace x: partitions 0, expected 1 to 1024",
                "x.partitions=1025|namespace x: partitions 1025, expected 1 to 1024",
                "x.retention=7d|x.retention: \"7d\", expected an ISO 8601 duration such as P7D",
                "x.retention=PT0S|namespace x: retention PT0S, expected PT1S to PT876000H",
                "x.retention=-P1D|namespace x: retention PT-24H, expected PT1S to PT876000H",
                "x.subscribe=all|x.subscribe: \"all\", expected public, authenticated, owner, grant or none",
                "x.publish=|x.publish is missing",
                "x.nested_publish=all|x.nested_publish: \"all\", expected public, authenticated, owner, grant or none",
                "x.nested_subscribe=|x.nested_subscribe is missing",
                "x.start=first|x.start: start \"first\": expected live, earliest or last:N",
                "x.start=last:0|x.start: start \"last:0\": expected 1 to 1000",
            })
    void aWrongValueIsNamedWithWhatWasExpected(String line, String fault) {
        String key = line.substring(0, line.indexOf('='));
        String others = VALID.replaceFirst("(?m)^" + key + "=.*\n", "");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(others + line))
                .withMessage(fault);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x.latest_only=yes|x.latest_only: \"yes\", expected true or false",
                "x.colour=red|x.colour: unknown, expected <namespace>.<one of latest_only, nested_publish,"
                        + " nested_subscribe, number, partitions, publish, retention, start, subscribe>",
                "number=3|number: unknown, expected <namespace>.<one of latest_only, nested_publish,"
                        + " nested_subscribe, number, partitions, publish, retention, start, subscribe>",
                "x.number=9|x.number: declared twice"
            })
    void anAdditionThatMakesNoSenseIsNamed(String line, String fault) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(VALID + line))
                .withMessage(fault);
    }

    @Test
    void aNumberThatIsTakenIsNamed() {
        String other = VALID.replace("x.", "other.");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(VALID + other))
                .withMessage("x.number: 9 is taken by other");
    }

    @Test
    void aNameThatIsNoneIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(VALID.replace("x.", "Big.")))
                .withMessageContaining("namespace \"Big\"");
    }

    @Test
    void allFaultsAreReportedAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> read(
                                """
                        a.number=zero
                        a.retention=never
                        a.start=live
                        a.mood=good
                        b.number=7
                        c.number=7
                        """))
                .satisfies(e -> assertThat(String.valueOf(e.getMessage()).lines())
                        .contains(
                                "a.number: \"zero\", expected a whole number",
                                "a.partitions is missing",
                                "a.retention: \"never\", expected an ISO 8601 duration such as P7D",
                                "a.subscribe is missing",
                                "a.publish is missing",
                                "b.partitions is missing",
                                "c.number: 7 is taken by b",
                                "c.start is missing")
                        .anyMatch(line -> line.startsWith("a.mood: unknown")));
    }

    @Test
    void aFileWithoutANamespaceIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("# nothing\n"))
                .withMessage("no namespace is declared");
    }

    @Test
    void aFaultInAFileNamesTheFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("mine.properties");
        Files.writeString(file, "x.number=9");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Namespaces.load(file))
                .withMessageStartingWith("namespace file " + file + ":\n");
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> Namespaces.load(folder.resolve("none")))
                .withMessageContaining("none");
    }

    private static Namespaces read(String text) throws IOException {
        return Namespaces.read(new StringReader(text));
    }
}
