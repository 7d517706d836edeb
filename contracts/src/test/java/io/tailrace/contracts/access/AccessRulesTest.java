package io.tailrace.contracts.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.access.AccessRules.Decision;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.ChannelPattern;
import io.tailrace.contracts.channel.Namespaces;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole table: every audience against every kind of caller, for reading and for publishing. */
class AccessRulesTest {
    private static final AccessRules RULES = new AccessRules(namespaces());

    @ParameterizedTest
    @CsvSource({
        "public,anonymous,yes",
        "public,somebody,yes",
        "public,owner,yes",
        "public,granted,yes",
        "authenticated,anonymous,no",
        "authenticated,somebody,yes",
        "authenticated,owner,yes",
        "authenticated,granted,yes",
        "owner,anonymous,no",
        "owner,somebody,no",
        "owner,owner,yes",
        "owner,granted,yes",
        "grant,anonymous,no",
        "grant,somebody,no",
        "grant,owner,no",
        "grant,granted,yes",
        "none,anonymous,no",
        "none,somebody,no",
        "none,owner,no",
        "none,granted,no"
    })
    void anAudienceLetsInThoseWhoBelongToIt(String audience, String caller, String answer) {
        Channel channel = new Channel(audience + ":42");

        assertAnswer(answer, RULES.subscribe(caller(caller, true), channel));
        assertAnswer(answer, RULES.publish(caller(caller, false), channel));
    }

    @Test
    void aGrantToReadIsNoneToPublishAndTheOtherWayRound() {
        Channel channel = new Channel("grant:42");

        assertThat(RULES.publish(caller("granted", true), channel)).isEqualTo(new Decision.Denied());
        assertThat(RULES.subscribe(caller("granted", false), channel)).isEqualTo(new Decision.Denied());
    }

    @Test
    void aNamespaceThatIsNotDeclaredIsSaidToBeSo() {
        Grants all = new Grants(
                "a", Set.of("admin"), List.of(ChannelPattern.parse("**")), List.of(ChannelPattern.parse("**")));

        assertThat(RULES.subscribe(all, new Channel("nowhere:42"))).isEqualTo(new Decision.Undeclared());
        assertThat(RULES.publish(all, new Channel("nowhere:42"))).isEqualTo(new Decision.Undeclared());
    }

    @Test
    void aChannelWithoutASecondPartHasNoOwner() {
        Grants nobody = new Grants("", Set.of(), List.of(), List.of());

        assertThat(RULES.subscribe(nobody, new Channel("owner"))).isEqualTo(new Decision.Denied());
    }

    @Test
    void anOwnerIsNotSomebodyWhoseIdBeginsAlike() {
        Grants grants = new Grants("4", Set.of(), List.of(), List.of());

        assertThat(RULES.subscribe(grants, new Channel("owner:42"))).isEqualTo(new Decision.Denied());
    }

    /** What ships: the channel of service teams, who has no grant and who has one, what each may do. */
    @ParameterizedTest
    @CsvSource({
        "workflows:ws:wf,none,grant",
        "alerts:ws,none,grant",
        "dashboards:d1,none,grant",
        "functions:ws:f,none,grant",
        "logs:ws:wf,none,grant",
        "metrics:ws,none,grant",
        "metrics:ws:cpu,none,grant",
        "metrics,read,read"
    })
    void theNamespacesOfServiceTeamsAreReadAndWrittenByGrantAndTheChannelMetricsStaysAsItWas(
            String name, String others, String granted) {
        AccessRules rules = new AccessRules(Namespaces.builtIn());
        Channel channel = new Channel(name);
        List<ChannelPattern> all = List.of(ChannelPattern.parse("**"));

        assertThat(may(rules, Grants.ANONYMOUS, channel)).isEqualTo(others);
        assertThat(may(rules, grants("ws", null, true), channel)).isEqualTo(others);
        assertThat(may(rules, new Grants("service", Set.of(), all, all), channel))
                .isEqualTo(granted);
    }

    private static String may(AccessRules rules, Grants grants, Channel channel) {
        boolean reads = rules.subscribe(grants, channel) instanceof Decision.Allowed;
        boolean publishes = rules.publish(grants, channel) instanceof Decision.Allowed;
        return reads ? publishes ? "grant" : "read" : publishes ? "publish" : "none";
    }

    @Test
    void anAnswerOfYesNamesTheNamespace() {
        assertThat(RULES.subscribe(Grants.ANONYMOUS, new Channel("public:42")))
                .isInstanceOfSatisfying(
                        Decision.Allowed.class,
                        allowed -> assertThat(allowed.namespace().name()).isEqualTo("public"));
    }

    private static void assertAnswer(String expected, Decision decision) {
        String answer =
                switch (decision) {
                    case Decision.Allowed allowed -> "yes";
                    case Decision.Denied denied -> "no";
                    case Decision.Undeclared undeclared -> "undeclared";
                };
        assertThat(answer).isEqualTo(expected);
    }

    private static Grants caller(String kind, boolean reads) {
        return switch (kind) {
            case "anonymous" -> Grants.ANONYMOUS;
            case "somebody" -> grants("7", null, reads);
            case "owner" -> grants("42", null, reads);
            case "granted" -> grants("7", "*:42", reads);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static Grants grants(String subject, @Nullable String pattern, boolean reads) {
        List<ChannelPattern> patterns = pattern == null ? List.of() : List.of(ChannelPattern.parse(pattern));
        return new Grants(subject, Set.of(), reads ? patterns : List.of(), reads ? List.of() : patterns);
    }

    private static Namespaces namespaces() {
        String file = Stream.of("public", "authenticated", "owner", "grant", "none")
                .map(audience -> String.format(
                        Locale.ROOT,
                        "%1$s.number=%2$d%n%1$s.partitions=1%n%1$s.retention=P1D%n%1$s.subscribe=%1$s%n"
                                + "%1$s.publish=%1$s%n%1$s.start=live%n",
                        audience,
                        audience.length() * 3 + audience.charAt(0) % 3))
                .collect(Collectors.joining());
        try {
            return Namespaces.read(new StringReader(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
