package io.tailrace.kit.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** The path and query of a request as text: what may be logged of it, and whether it is sound. Pure. */
public final class RequestTarget {
    private static final int MAX_LOGGED = 500;

    /** Tokens, and what people search for: somebody's phone number, say. */
    private static final Pattern SECRET = Pattern.compile("(?i)((?:^|[?&])(?:access_token|q)=)[^&]*");

    private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x21-\\x7e]");

    private RequestTarget() {}

    /** The target as it may be logged: on one line, without tokens and searched texts, not too long. */
    public static String forLog(String target) {
        // Every request comes by here, and nearly all are as plain as that.
        if (target.startsWith("/") && target.length() <= MAX_LOGGED && isPlain(target)) {
            return target;
        }
        // A name that is escaped ("access%5Ftoken") means the same to the server, so a query with one is not shown at
        // all.
        int query = target.indexOf('?');
        boolean escapedName = query >= 0
                && Pattern.compile("[?&][^=&]*%")
                        .matcher(target.substring(query))
                        .find();
        String safe = escapedName
                ? target.substring(0, query) + "?***"
                : SECRET.matcher(target).replaceAll("$1***");
        String printable = UNPRINTABLE.matcher(safe).replaceAll("?");
        return printable.length() <= MAX_LOGGED ? printable : printable.substring(0, MAX_LOGGED) + "...";
    }

    /** Whether every escape is two hexadecimal digits and all of them together are UTF-8 without NUL. */
    public static boolean isSound(String target) {
        if (isPlain(target)) {
            return true;
        }
        ByteBuffer bytes = ByteBuffer.allocate(target.length() * 3);
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c == '%') {
                boolean hex = i + 2 < target.length()
                        && HexFormat.isHexDigit(target.charAt(i + 1))
                        && HexFormat.isHexDigit(target.charAt(i + 2));
                if (!hex) {
                    return false;
                }
                byte escaped = (byte) HexFormat.fromHexDigits(target, i + 1, i + 3);
                if (escaped == 0) {
                    return false;
                }
                bytes.put(escaped);
                i += 2;
            } else {
                bytes.put(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        try {
            var unused = StandardCharsets.UTF_8.newDecoder().decode(bytes.flip());
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Whether it has printable ASCII characters alone, no escape and nothing that begins or separates the parts of a query. */
    private static boolean isPlain(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '%' || c == '?' || c == '&') {
                return false;
            }
        }
        return true;
    }
}
