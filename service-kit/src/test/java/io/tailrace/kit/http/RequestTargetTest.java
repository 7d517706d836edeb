package io.tailrace.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {
    @ParameterizedTest
    @CsvSource({
        "/events?channels=a, /events?channels=a",
        "/events?access_token=abc.def, /events?access_token=***",
        "/events?channels=a&access_token=abc&b=c, /events?channels=a&access_token=***&b=c",
        "/events?ACCESS_TOKEN=abc, /events?ACCESS_TOKEN=***",
        "/events?access_token=a&access_token=b, /events?access_token=***&access_token=***",
        "/events?%61ccess_token=abc, /events?***",
        "/events?a=b&access%5ftoken=abc, /events?***",
    })
    void aTokenIsNotLogged(String target, String logged) {
        assertThat(RequestTarget.forLog(target)).isEqualTo(logged);
    }

    @ParameterizedTest
    @CsvSource({
        "/search/users?q=191954, /search/users?q=***",
        "/search/users?limit=5&q=a%40b.example&after=c, /search/users?limit=5&q=***&after=c",
        "/search/users?%71=191954, /search/users?***",
        "/events?qq=1, /events?qq=1",
    })
    void aSearchedTextIsNotLogged(String target, String logged) {
        assertThat(RequestTarget.forLog(target)).isEqualTo(logged);
    }

    @Property(tries = 500)
    void whatIsLoggedIsOneShortPrintableLine(@ForAll String target) {
        assertThat(RequestTarget.forLog(target)).hasSizeLessThanOrEqualTo(503).matches("[\\x21-\\x7e]*");
    }

    @Property(tries = 500)
    void everyTextWithoutNulIsSoundOnceItIsEscaped(@ForAll String text) {
        boolean representable = StandardCharsets.UTF_8.newEncoder().canEncode(text) && text.indexOf(0) < 0;
        if (representable) {
            assertThat(RequestTarget.isSound("/a?b=" + URLEncoder.encode(text, StandardCharsets.UTF_8)))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%", "/%1", "/%zz", "/%00", "/%ff", "/%c3%28", "/%ed%a0%80", "/a?b=%c0%80"})
    void brokenEscapesAreNotSound(String target) {
        assertThat(RequestTarget.isSound(target)).isFalse();
    }
}
