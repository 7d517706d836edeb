package io.tailrace.contracts.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelTest {
    private static final String PART = "x".repeat(64);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "metrics",
                "feed:42",
                "feed:019b8d62-7a80-762a-9dc7-106b32185492",
                "logs:workspace123:workflow456",
                "a:b:c:d:e:f:g:h",
                "a-b_c9:~.-_Z"
            })
    void aNameOfTheGrammarIsAccepted(String name) {
        assertThat(Channel.isValid(name)).isTrue();
        assertThat(new Channel(name)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "feed:",
                ":42",
                "feed::42",
                "Feed:42",
                "9feed",
                "_feed",
                "-feed",
                "feed 42",
                "feed:4 2",
                "feed:*",
                "feed:é",
                "feed:42\n",
                "feed:\r",
                "feed:\u0000",
                "feed:a/b",
                "feed:a,b",
                "feed:%41",
                "feed:\ud83d\ude00",
                "a:b:c:d:e:f:g:h:i"
            })
    void anyOtherNameIsRefused(String name) {
        assertThat(Channel.isValid(name)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Channel(name))
                .withMessageContaining("expected")
                .withMessageNotContainingAny("\n", "\r", "\u0000");
    }

    @Test
    void lengthsAreBounded() {
        assertThat(Channel.isValid("n".repeat(32))).isTrue();
        assertThat(Channel.isValid("n".repeat(33))).isFalse();
        assertThat(Channel.isValid("n:" + PART)).isTrue();
        assertThat(Channel.isValid("n:" + PART + "x")).isFalse();
        String longest = "n:" + PART + ":" + PART + ":" + "y".repeat(34) + ":" + "y".repeat(33);
        assertThat(longest).hasSize(Channel.MAX_LENGTH);
        assertThat(Channel.isValid(longest)).isTrue();
        assertThat(Channel.isValid(longest + "y")).isFalse();
    }

    @Test
    void aLongNameIsNotRepeatedInFull() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Channel("x".repeat(100_000)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    }

    @ParameterizedTest
    @CsvSource({"metrics,metrics,''", "feed:42,feed,42", "logs:a:b,logs,a"})
    void itsFirstPartsAreNamespaceAndOwner(String name, String namespace, String second) {
        assertThat(new Channel(name).namespace()).isEqualTo(namespace);
        assertThat(new Channel(name).secondPart()).isEqualTo(second);
    }

    @Property
    void everyNameOfTheGrammarIsAcceptedAndTakenApart(@ForAll("names") String name) {
        Channel channel = new Channel(name);

        assertThat(name).startsWith(channel.namespace());
        assertThat(name + ":").startsWith(channel.namespace() + ":");
        assertThat(channel.partition(6)).isBetween(0, 5);
    }

    @Property
    void noTextMakesTheCheckThrow(@ForAll @StringLength(max = 300) String text) {
        boolean valid = Channel.isValid(text);

        assertThat(valid)
                .isEqualTo(text.length() <= Channel.MAX_LENGTH
                        && text.matches("[a-z][a-z0-9_-]{0,31}(:[A-Za-z0-9._~-]{1,64}){0,7}")
                        && !text.endsWith("\n"));
    }

    @Provide
    Arbitrary<String> names() {
        Arbitrary<String> namespace =
                Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(32);
        Arbitrary<String> part = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('A', 'Z')
                .withCharRange('0', '9')
                .withChars("._~-")
                .ofMinLength(1)
                .ofMaxLength(20);
        return Combinators.combine(namespace, part.list().ofMaxSize(7))
                .as((first, rest) -> rest.isEmpty() ? first : first + ":" + String.join(":", rest))
                .filter(name -> name.length() <= Channel.MAX_LENGTH);
    }
}
