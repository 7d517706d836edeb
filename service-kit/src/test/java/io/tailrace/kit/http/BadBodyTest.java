package io.tailrace.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.kit.problem.Problem;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a sender is told about a body that is not as it must be. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class BadBodyTest {
    private static final String PATH = "/probe/everything";

    private TestServer server;

    @BeforeAll
    void start() {
        server = new TestServer(Map.of());
    }

    @AfterAll
    void stop() {
        server.close();
    }

    static Stream<Arguments> faultyFields() {
        return Stream.of(
                field("\"nme\": 1", "nme", "unknown field, expected color, created_at, data, display_name"),
                field("\"id\": \"nope\"", "id", "\"nope\", expected a UUID"),
                field("\"id\": 7", "id", "7, expected a UUID"),
                field("\"id\": \"AAAAAAAAAAAAAAAAAAAAAA==\"", "id", "expected a UUID"),
                field("\"value\": \"1\"", "value", "\"1\", expected a number"),
                field("\"value\": \"NaN\"", "value", "\"NaN\", expected a number"),
                field("\"value\": 1e400", "value", "expected a number"),
                field("\"value\": -1", "value", "must be greater than 0, found -1.0"),
                field("\"value\": true", "value", "true, expected a number"),
                field("\"whole\": 1.5", "whole", "1.5, expected a whole number"),
                field("\"whole\": \"1\"", "whole", "\"1\", expected a whole number"),
                field("\"whole\": 9223372036854775808", "whole", "9223372036854775808, expected a whole number"),
                field("\"flag\": \"true\"", "flag", "\"true\", expected true or false"),
                field("\"flag\": 1", "flag", "1, expected true or false"),
                field("\"created_at\": 5", "created_at", "5, expected an RFC 3339 time"),
                field("\"created_at\": \"yesterday\"", "created_at", "\"yesterday\", expected an RFC 3339 time"),
                field("\"color\": \"BLUE\"", "color", "\"BLUE\", expected one of red, green"),
                field("\"color\": 0", "color", "0, expected one of red, green"),
                field("\"color\": \"\"", "color", "\"\", expected one of red, green"),
                field("\"parts\": {}", "parts", "an object, expected an array"),
                field("\"parts\": [1]", "parts[0]", "1, expected an object"),
                field(
                        "\"parts\": [{\"type\":\"a\"},{\"type\":\"\"}]",
                        "parts[1].type",
                        "must not be blank, found \"\""),
                field(
                        "\"parts\": [{\"type\":\"a\"},{\"typ\":\"\"}]",
                        "parts[1].typ",
                        "unknown field, expected count, type"),
                field("\"parts\": [{\"count\":\"z\"}]", "parts[0].count", "\"z\", expected a whole number"),
                field("\"email\": 5", "email", "5, expected a string"),
                field("\"email\": \"nope\"", "email", "must be a well-formed email address, found \"nope\""),
                field("\"password\": \"geheim\"", "password", "size must be between 8 and"),
                field("\"password\": [\"geheim\"]", "password", "an array, expected a string"));
    }

    private static Arguments field(String json, String field, String message) {
        return Arguments.of("{\"display_name\": \"x\", " + json + "}", field, message);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faultyFields")
    void aFaultyFieldIsNamedWithWhatWasFoundAndExpected(String json, String field, String message) throws Exception {
        HttpResponse<String> response = server.post(PATH, json);

        JsonNode error = problem(response, 400, "validation").get("errors").get(0);
        assertThat(error.get("field").asText()).isEqualTo(field);
        assertThat(error.get("message").asText()).contains(message);
        assertThat(response.body()).doesNotContain("geheim");
    }

    static Stream<Arguments> faultyBodies() {
        return Stream.of(
                Arguments.of("[]", "an array, expected an object"),
                Arguments.of("5", "5, expected an object"),
                Arguments.of("\"text\"", "\"text\", expected an object"),
                Arguments.of("null", "missing, expected an object"),
                Arguments.of("", "missing, expected an object"));
    }

    @ParameterizedTest(name = "<{0}>")
    @MethodSource("faultyBodies")
    void aBodyOfAnotherShapeIsNamed(String json, String message) throws Exception {
        HttpResponse<String> response = server.post(PATH, json);

        JsonNode error = problem(response, 400, "validation").get("errors").get(0);
        assertThat(error.get("field").asText()).isEqualTo("body");
        assertThat(error.get("message").asText()).isEqualTo(message);
    }

    static Stream<Arguments> malformedBodies() {
        return Stream.of(
                Arguments.of("cut off", utf8("{\"a\": 1,\n \"b\""), "line 2, column "),
                Arguments.of("two values", utf8("{} {}"), "the body goes on after the end of the JSON value"),
                Arguments.of("a field twice", utf8("{\"a\":1,\"a\":2}"), "Duplicate field 'a'"),
                Arguments.of("NUL in a string", utf8("{\"a\":\"x\\u0000\"}"), "a string with a NUL character"),
                Arguments.of("NUL in a name", utf8("{\"\\u0000\":1}"), "a string with a NUL character"),
                Arguments.of("half a surrogate pair", utf8("{\"a\":\"\\ud800\"}"), "half of a surrogate pair"),
                Arguments.of("the other half", utf8("[\"\\udc00\\ud800\"]"), "half of a surrogate pair"),
                Arguments.of("a raw NUL", utf8("{\"a\":\"\0\"}"), "line 1, column 7: a NUL byte"),
                Arguments.of("a raw line break", utf8("{\"a\":\"\n\"}"), "Illegal unquoted character"),
                Arguments.of("not UTF-8", bytes('{', '"', 0xff, '"', ':', '1', '}'), "line 1, column 3: not UTF-8"),
                Arguments.of("overlong", bytes('"', 0xc0, 0x80, '"'), "line 1, column 2: not UTF-8"),
                Arguments.of("an encoded surrogate", bytes('"', 0xed, 0xa0, 0x80, '"'), "not UTF-8"),
                Arguments.of("UTF-16", "{\"a\":1}".getBytes(StandardCharsets.UTF_16LE), "a NUL byte"),
                Arguments.of("a comment", utf8("/* hi */ {}"), "Unexpected character"),
                Arguments.of("single quotes", utf8("{'a':1}"), "Unexpected character"),
                Arguments.of("NaN", utf8("[NaN]"), "Non-standard token 'NaN'"),
                Arguments.of("too deep", utf8("[".repeat(65) + "]".repeat(65)), "nesting depth (65) exceeds"),
                Arguments.of(
                        "a long string",
                        utf8('"' + "x".repeat(1_048_577 + 200_000) + '"'),
                        "exceeds the maximum allowed (1048576)"),
                Arguments.of("a long number", utf8("1".repeat(101)), "exceeds the maximum allowed (100)"),
                Arguments.of("a large exponent", utf8("[1e2147483648]"), "an exponent of more than 9 digits"),
                Arguments.of("a small exponent", utf8("[0.5E-2147483648]"), "an exponent of more than 9 digits"),
                Arguments.of(
                        "a long name", utf8("{\"" + "x".repeat(1000) + "\":1}"), "exceeds the maximum allowed (256)"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformedBodies")
    void aMalformedBodyIsRefusedWithTheReason(String name, byte[] json, String detail) throws Exception {
        HttpResponse<String> response = server.post("/probe/tree", json);

        assertThat(problem(response, 400, "malformed-json").get("detail").asText())
                .as(name)
                .contains(detail);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate"})
    void aBodyThatIsNotCompressedAsItSaysIsRefused(String coding) throws Exception {
        HttpResponse<String> response = server.send(server.request(PATH)
                .header("Content-Type", "application/json")
                .header("Content-Encoding", coding)
                .POST(HttpRequest.BodyPublishers.ofString("{\"a\":1}")));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    }

    @Test
    void everyViolatedConstraintIsListed() throws Exception {
        HttpResponse<String> response = server.post(PATH, "{\"display_name\": \"\", \"email\": \"nope\"}");

        assertThat(problem(response, 400, "validation").get("errors"))
                .extracting(error -> error.get("field").asText())
                .containsExactly("display_name", "email");
    }

    @Test
    void aListOfTooManyIsNamed() throws Exception {
        HttpResponse<String> response = server.post("/probe/many", "[{},{},{},{}]".replace("{}", "{\"type\":\"a\"}"));

        JsonNode error = problem(response, 400, "validation").get("errors").get(0);
        assertThat(error.get("field").asText()).isEqualTo("body");
        assertThat(error.get("message").asText()).isEqualTo("size must be between 0 and 3, found an array");
    }

    @Test
    void anElementOfAListIsNamed() throws Exception {
        HttpResponse<String> response = server.post("/probe/many", "[{\"type\":\"a\"},{\"type\":\"\"}]");

        assertThat(problem(response, 400, "validation")
                        .get("errors")
                        .get(0)
                        .get("field")
                        .asText())
                .isEqualTo("[1].type");
    }

    @Test
    void numbersKeepTheirDigits() throws Exception {
        HttpResponse<String> response = server.post("/probe/tree", "{\"a\":1.50,\"b\":1e400,\"c\":[]}");

        assertThat(response.body()).isEqualTo("{\"a\":1.50,\"b\":1E+400,\"c\":[]}");
    }

    @Test
    void aBodyOverTheLimitIsRefused() throws Exception {
        HttpResponse<String> response = server.post(PATH, '"' + "x".repeat(10 * 1024 * 1024) + '"');

        assertThat(problem(response, 413, "payload-too-large").get("detail").asText())
                .isEqualTo("The body is larger than this server accepts.");
    }

    @Test
    void aChunkedBodyOverTheLimitIsRefusedToo() throws Exception {
        byte[] chunk = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> response = server.send(server.request(PATH)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArrays(java.util.Collections.nCopies(11, chunk))));

        var unused = problem(response, 413, "payload-too-large");
    }

    @Test
    void anotherMediaTypeIsRefused() throws Exception {
        HttpResponse<String> response = server.send(server.request(PATH)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("a=b")));

        assertThat(problem(response, 415, "unsupported-media-type")
                        .get("detail")
                        .asText())
                .isEqualTo("\"application/x-www-form-urlencoded\", expected application/json");
    }

    static JsonNode problem(HttpResponse<String> response, int status, String slug) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains(Problem.MEDIA_TYPE);
        JsonNode problem = TestServer.body(response);
        assertThat(problem.get("type").asText()).isEqualTo("https://tailrace.io/problems/" + slug);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("title").asText()).isNotBlank();
        return problem;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
