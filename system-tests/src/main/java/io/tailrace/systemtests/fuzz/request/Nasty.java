package io.tailrace.systemtests.fuzz.request;

/** Values that have broken programs before. Pure. */
final class Nasty {
    private Nasty() {}

    /** A number as JSON writes it, or nearly. */
    static String number(Dice dice) {
        return switch (dice.below(8)) {
            case 0 -> dice.of("0", "-0", "-1", "1", "2147483648", "-2147483649", "9007199254740993");
            case 1 -> dice.of("9223372036854775808", "-9223372036854775809", "18446744073709551616");
            case 2 -> dice.of("1e400", "-1e400", "1e-400", "1e308", "4.9e-324", "1e999999999", "1e-2147483648");
            case 3 -> dice.of("0.1", "1.5", "1.0", "1e0", "100E-2", "0.30000000000000004");
            case 4 -> "9".repeat(1 + dice.below(1_500));
            case 5 -> "0." + "3".repeat(1 + dice.below(1_500));
            case 6 -> dice.of("NaN", "Infinity", "-Infinity", "01", "+1", ".5", "5.", "0x10", "1_000", "--1", "1e");
            default -> String.valueOf(dice.below(Integer.MAX_VALUE) - Integer.MAX_VALUE / 2);
        };
    }

    /** Any value as JSON, or nearly. */
    static String json(Dice dice) {
        return switch (dice.below(12)) {
            case 0 -> dice.of("null", "true", "false", "\"\"", "[]", "{}", "[null]", "[[]]", "{\"\":null}");
            case 1, 2 -> number(dice);
            case 3 -> "\"" + dice.of("\\u0000", "a\\u0000b", "\\ud800", "\\udc00\\ud800", "\\u202e", "\\uffff") + "\"";
            case 4 -> "\"" + dice.of("\\x41", "\\u12", "\n", "\t", "\\", "\0", "\\u00", "'") + "\"";
            case 5 -> "\"" + "A".repeat(dice.below(dice.oneIn(40) ? 300_000 : 3_000)) + "\"";
            case 6 -> nested("[", "]", dice);
            case 7 -> nested("{\"a\":", "}", dice);
            case 8 -> "[" + "0,".repeat(dice.below(dice.oneIn(20) ? 20_000 : 200)) + "0]";
            case 9 -> "{\"a\":1,\"a\":2,\"__proto__\":{\"a\":1},\"@class\":\"java.lang.Runtime\"}";
            default -> quoted(text(dice));
        };
    }

    private static String nested(String open, String close, Dice dice) {
        int depth = dice.of(java.util.List.of(2, 20, 499, 501, 999, 1_001, 10_000));
        return open.repeat(depth) + "1" + (dice.oneIn(3) ? "" : close.repeat(depth));
    }

    /** A text that is about to be put into quotes, or into anything else. */
    static String text(Dice dice) {
        return switch (dice.below(8)) {
            case 0 -> dice.of("", " ", "\0", "\r\n", "\u2028", "\ufeff", "\u0085", "\u202e", "\ud83d\ude00");
            case 1 -> dice.of("'", "\"", "\\", "%s%n", "${jndi:ldap://127.0.0.1:9/a}", "{{7*7}}", "#{7*7}", "%00");
            case 2 ->
                dice.of("'; DROP TABLE posts; --", "' OR '1'='1", "<script>alert(1)</script>", "../../etc/passwd");
            case 3 -> dice.of("*", "?", "\\*", "a*".repeat(60), "~2", "NOT AND OR", "(", "[* TO *]", "/.*/", "_source");
            case 4 -> "e\u0301".repeat(1 + dice.below(2_000));
            case 5 -> "\ud83d\udc69\u200d\ud83d\udc67".repeat(1 + dice.below(50));
            case 6 -> "x".repeat(dice.below(12_000));
            default -> word(dice);
        };
    }

    /** What stands for an id, a time, an address or a name. */
    static String word(Dice dice) {
        return switch (dice.below(6)) {
            case 0 -> dice.of("00000000-0000-0000-0000-000000000000", dice.uuid(), "1-1-1-1-1");
            case 1 -> dice.of("0000-00-00T00:00:00Z", "2024-02-30T00:00:00Z", "1969-12-31T23:59:59.999999999Z");
            case 2 ->
                dice.of(
                        "+1000000000-12-31T23:59:59.999999999Z",
                        "-292275055-05-16T16:47:04Z",
                        "+294277-01-01T00:00:00Z",
                        "9999-12-31T23:59:59.9Z",
                        "2030-01-01T00:00:00+18:00",
                        "2030-01-01T24:00:00Z");
            case 3 -> dice.of("a@b.c", "@", "a@" + "b.".repeat(130) + "c", "\"a b\"@example.org", "a\0@example.org");
            case 4 ->
                dice.of(
                        "news:",
                        ":",
                        "news:*",
                        "feed:",
                        "NEWS:x",
                        "news:" + "a:".repeat(100),
                        "show:\0",
                        "stream.open");
            default -> dice.of("A-1-1", "A-0-0", "A-999999999999-1", "A--1", "-1-1", "a-1-1", "A-1-1 ", "A-01-1");
        };
    }

    /** Well-formed JSON of a text. */
    static String quoted(String text) {
        return com.fasterxml.jackson.databind.node.TextNode.valueOf(text).toString();
    }

    /** A text of JSON that is not any more. */
    static String brokenText(String json, Dice dice) {
        return switch (dice.below(8)) {
            case 0 -> json.substring(0, dice.below(json.length() + 1));
            case 1 -> json + json;
            case 2 -> json + dice.of(",", "}", "\0", " x", "/* */", "//");
            case 3 -> json.replace('"', '\'');
            case 4 -> json.replace(":", " ");
            case 5 -> json.replace("}", ",}");
            case 6 -> " ".repeat(dice.below(100_000)) + json;
            default -> "/**/" + json;
        };
    }
}
