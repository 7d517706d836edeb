package io.tailrace.kit.outbound;

import io.tailrace.kit.outbound.OutboundRequest.Header;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/**
 * A request as one line that can be pasted into bash or zsh, without its secrets. Of headers only those are shown that are known
 * to have no secrets; of the query, the values whose names do not sound like one; the user and password of a URL never. Pure.
 */
final class CurlLine {
    private static final String REDACTED = "REDACTED";

    private static final Set<String> SHOWN_HEADERS = Set.of(
            "accept",
            "accept-encoding",
            "accept-language",
            "cache-control",
            "content-encoding",
            "content-language",
            "content-type",
            "if-modified-since",
            "if-none-match",
            "traceparent",
            "user-agent",
            "webhook-id",
            "webhook-timestamp");

    private static final Pattern SECRET_PARAMETER = Pattern.compile(
            "auth|bearer|code|cred|jwt|key|pass|pwd|secret|session|sig|token", Pattern.CASE_INSENSITIVE);

    private final OutboundRequest request;
    private final int bodyCharacters;
    private final StringBuilder line = new StringBuilder("curl --globoff --compressed");

    private CurlLine(OutboundRequest request, int bodyCharacters) {
        this.request = request;
        this.bodyCharacters = bodyCharacters;
    }

    /**
     * The line.
     *
     * @param url where this attempt goes, which after a redirect is not the request's own
     * @param headers what this attempt has
     * @param bodyCharacters how many characters of a body are shown, at least 1
     */
    static String of(OutboundRequest request, HttpUrl url, List<Header> headers, int bodyCharacters) {
        CurlLine curl = new CurlLine(request, bodyCharacters);
        curl.method();
        headers.forEach(curl::header);
        curl.body();
        curl.word(curl.hidden(url));
        return curl.line.toString();
    }

    /** Whether a header has no secret. */
    static boolean isShown(Header header) {
        return SHOWN_HEADERS.contains(header.lowerCaseName());
    }

    private void method() {
        switch (request.method()) {
            case "GET" -> {}
            case "HEAD" -> option("--head");
            default -> {
                option("--request");
                word(request.method());
            }
        }
    }

    private void header(Header header) {
        option("--header");
        if (header.value().isEmpty()) {
            // With a colon and nothing after it, curl leaves the header out.
            word(header.name() + ";");
        } else {
            word(header.name() + ": " + (isShown(header) ? header.value() : REDACTED));
        }
    }

    private void body() {
        OutboundRequest.Body body = request.body();
        if (body != null) {
            if (request.headers().stream().noneMatch(header -> header.isNamed("content-type"))) {
                // Or curl adds that of a form.
                option("--header");
                word("Content-Type:");
            }
            // Unlike --data, without a meaning for '@'.
            option("--data-raw");
            word(shown(body.bytes()));
        }
    }

    private String shown(byte[] body) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            return "(" + body.length + " bytes)";
        }
        if (text.indexOf('\0') >= 0) {
            return "(" + body.length + " bytes)";
        }
        // Before the cut, which could leave the first half of a secret.
        String hidden = withoutSecrets(text);
        if (hidden.length() <= bodyCharacters) {
            return hidden;
        }
        int end = Character.isHighSurrogate(hidden.charAt(bodyCharacters - 1)) ? bodyCharacters - 1 : bodyCharacters;
        return hidden.substring(0, end) + "... (" + body.length + " bytes)";
    }

    private String hidden(HttpUrl url) {
        HttpUrl.Builder shown = url.newBuilder();
        if (!url.encodedUsername().isEmpty() || !url.encodedPassword().isEmpty()) {
            shown.username(REDACTED).password("");
        }
        for (int i = 0; i < url.pathSize(); i++) {
            String segment = url.pathSegments().get(i);
            if (!withoutSecrets(segment).equals(segment)) {
                shown.setPathSegment(i, withoutSecrets(segment));
            }
        }
        if (url.querySize() > 0) {
            shown.query(null);
            for (int i = 0; i < url.querySize(); i++) {
                String name = url.queryParameterName(i);
                String value = url.queryParameterValue(i);
                boolean isSecret =
                        value != null && SECRET_PARAMETER.matcher(name).find();
                shown.addQueryParameter(name, isSecret ? REDACTED : value == null ? null : withoutSecrets(value));
            }
        }
        return shown.build().toString();
    }

    private String withoutSecrets(String text) {
        String hidden = text;
        for (String secret : request.secrets()) {
            hidden = hidden.replace(secret, REDACTED);
        }
        return hidden;
    }

    private void option(String text) {
        line.append(' ').append(text);
    }

    private void word(String text) {
        line.append(' ').append(quoted(withoutSecrets(text)));
    }

    /** A text as one word of a shell on one line: what is between {@code $'…'} may have control characters as escapes. */
    static String quoted(String text) {
        if (text.chars().noneMatch(CurlLine::isControl)) {
            return "'" + text.replace("'", "'\\''") + "'";
        }
        StringBuilder quoted = new StringBuilder("$'");
        text.chars().forEach(c -> {
            switch (c) {
                case '\'' -> quoted.append("\\'");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (isControl(c)) {
                        quoted.append(String.format(Locale.ROOT, "\\u%04x", c));
                    } else {
                        quoted.append((char) c);
                    }
                }
            }
        });
        return quoted.append('\'').toString();
    }

    /** Control characters, and what some terminals and log readers take for the end of a line. */
    private static boolean isControl(int c) {
        return c < 0x20 || c >= 0x7f && c < 0xa0 || c == 0x2028 || c == 0x2029;
    }
}
