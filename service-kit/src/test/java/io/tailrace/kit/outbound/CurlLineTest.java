package io.tailrace.kit.outbound;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.kit.outbound.OutboundRequest.Header;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class CurlLineTest {
    private static final int MOST = 40;

    @Test
    void theLineHasMethodHeadersBodyAndAddress() {
        OutboundRequest request = OutboundRequest.of(
                        "webhook", "POST", "https://example.org/hook?a=1", "application/json", bytes("{\"a\":1}"))
                .with("Webhook-Id", "msg-1");

        assertThat(line(request))
                .isEqualTo("curl --globoff --compressed --request 'POST' --header 'Content-Type: application/json'"
                        + " --header 'Webhook-Id: msg-1' --data-raw '{\"a\":1}' 'https://example.org/hook?a=1'");
    }

    @Test
    void aRequestWithoutABodyIsShort() {
        assertThat(line(OutboundRequest.get("probe", "http://example.org/")))
                .isEqualTo("curl --globoff --compressed 'http://example.org/'");
        assertThat(line(new OutboundRequest(
                        "probe", "HEAD", "http://example.org/", List.of(), null, false, false, null, 0, List.of())))
                .isEqualTo("curl --globoff --compressed --head 'http://example.org/'");
    }

    @Test
    void headersThatMayHaveASecretAreRedacted() {
        OutboundRequest request = OutboundRequest.get("probe", "http://example.org/")
                .with("Authorization", "Bearer a-secret")
                .with("Cookie", "session=a-secret")
                .with("X-Own-Key", "a-secret")
                .with("webhook-signature", "v1,a-secret")
                .with("Accept", "text/plain");

        assertThat(line(request))
                .doesNotContain("a-secret")
                .contains("'Authorization: REDACTED'", "'X-Own-Key: REDACTED'", "'Accept: text/plain'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.org/?token=a-secret",
                "http://example.org/?a=1&access_token=a-secret&b=2",
                "http://example.org/?X-Amz-Signature=a-secret",
                "http://example.org/?API_KEY=a-secret",
                "http://example.org/?%74oken=a-secret",
                "http://example.org/?client_secret=a-secret&client_secret=a-secret",
                "http://a-secret@example.org/",
                "http://user:a-secret@example.org/",
                "http://a-secret:@example.org/",
            })
    void whatSoundsLikeASecretInAnAddressIsRedacted(String url) {
        assertThat(line(OutboundRequest.get("probe", url)))
                .doesNotContain("a-secret")
                .contains("REDACTED");
    }

    @Test
    void theRestOfTheQueryIsKept() {
        assertThat(line(OutboundRequest.get("probe", "http://example.org/p?a=1&token=t&b&c=%20x")))
                .endsWith("'http://example.org/p?a=1&token=REDACTED&b&c=%20x'");
    }

    @Test
    void aSecretThatTheRequestNamesIsRedactedWhereverItIs() {
        OutboundRequest request = OutboundRequest.of(
                        "telegram",
                        "POST",
                        "https://example.org/bot12:a+b%20c/send?q=12:a%2Bb%20c",
                        "text/12:a+b c",
                        bytes("say 12:a+b c"))
                .hiding("12:a+b c");

        assertThat(line(request))
                .endsWith("--header 'Content-Type: text/REDACTED' --data-raw 'say REDACTED'"
                        + " 'https://example.org/botREDACTED/send?q=REDACTED'");
    }

    @Test
    void aLongBodyIsCutAfterItsSecretsAreGone() {
        String secret = "0123456789";
        OutboundRequest request = OutboundRequest.of(
                        "probe", "PUT", "http://example.org/", "text/plain", bytes("x".repeat(35) + secret + "y"))
                .hiding(secret);

        assertThat(line(request)).contains("--data-raw '" + "x".repeat(35) + "REDAC... (46 bytes)'");
    }

    @Test
    void aBodyIsNotCutWithinACharacter() {
        OutboundRequest request = OutboundRequest.of(
                "probe", "PUT", "http://example.org/", "text/plain", bytes("x".repeat(MOST - 1) + "\ud83d\ude00z"));

        assertThat(line(request)).contains("'" + "x".repeat(MOST - 1) + "... (44 bytes)'");
    }

    @Test
    void aBodyThatIsNoTextIsNotShown() {
        byte[] bytes = {(byte) 0xff, 1, 2};

        assertThat(line(OutboundRequest.of("probe", "PUT", "http://example.org/", "image/png", bytes)))
                .contains("--data-raw '(3 bytes)'");
        assertThat(line(OutboundRequest.of("probe", "PUT", "http://example.org/", "text/plain", new byte[2])))
                .contains("--data-raw '(2 bytes)'");
    }

    @Test
    void theLineIsOneLine() {
        OutboundRequest request = OutboundRequest.of(
                "probe", "PUT", "http://example.org/", "text/plain", bytes("a\nb\r\u0085\u2028\u001b[31m"));

        assertThat(line(request).chars()).noneMatch(c -> Character.isISOControl(c) || c == 0x2028);
    }

    /** What the shell makes of it must be what was sent. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "it's",
                "'; touch /tmp/x; '",
                "$(id) `id` $HOME \\ \" ! * ? ~ # & | < > { } [ ]",
                "a\nb\tc\rd\\n'e'",
                "@/etc/passwd",
                "-K /etc/passwd",
                "\u001b]0;title\u0007",
                "\u00e4\u20ac\ud83d\ude00\u0085\u2028",
            })
    void aShellReadsTheWordsThatWereMeant(String text) throws Exception {
        OutboundRequest request =
                OutboundRequest.of("probe", "PATCH", "http://example.org/a'b", "text/plain", bytes(text));
        HttpUrl url = Objects.requireNonNull(HttpUrl.parse(request.url()));

        assertThat(words(CurlLine.of(request, url, request.headers(), 1000)))
                .containsExactly(
                        "--globoff",
                        "--compressed",
                        "--request",
                        "PATCH",
                        "--header",
                        "Content-Type: text/plain",
                        "--data-raw",
                        text,
                        "http://example.org/a'b");
    }

    @Test
    void anEmptyHeaderAndABodyWithoutATypeAreSentAsTheyAre() {
        OutboundRequest request = new OutboundRequest(
                "probe",
                "POST",
                "http://example.org/",
                List.of(new Header("Accept", "")),
                new OutboundRequest.Body(bytes("x")),
                false,
                false,
                null,
                0,
                List.of());

        assertThat(line(request)).contains("--header 'Accept;' --header 'Content-Type:' --data-raw 'x'");
    }

    private static String line(OutboundRequest request) {
        HttpUrl url = Objects.requireNonNull(HttpUrl.parse(request.url()));
        return CurlLine.of(request, url, request.headers(), MOST);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /** The arguments that bash gives to curl. */
    private static List<String> words(String line) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", "curl() { printf '%s\\0' \"$@\"; }\n" + line);
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process bash = builder.start();
        String all = new String(bash.getInputStream().readAllBytes(), UTF_8);
        assertThat(bash.waitFor()).isZero();
        List<String> words = new ArrayList<>(List.of(all.split("\0", -1)));
        words.removeLast();
        return words;
    }
}
