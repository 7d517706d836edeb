package io.tailrace.systemtests.fuzz.request;

/** Breaks the head of a request: the first line and headers. */
final class HeadMutation implements Mutation {
    @Override
    public void apply(Draft draft, Dice dice) {
        draft.answerOwed = false;
        switch (dice.below(3)) {
            case 0 -> line(draft, dice);
            case 1 -> broken(draft, dice);
            default -> known(draft, dice);
        }
    }

    private static void line(Draft draft, Dice dice) {
        switch (dice.below(6)) {
            case 0 ->
                draft.method = dice.of(
                        "get",
                        "",
                        "HEAD",
                        "OPTIONS",
                        "TRACE",
                        "CONNECT",
                        "PROPFIND",
                        "PRI",
                        "G\0T",
                        "G T",
                        "\u00ff",
                        "X".repeat(dice.below(20_000)),
                        "POST",
                        "DELETE",
                        "PATCH",
                        "PUT",
                        "QUERY");
            case 1 ->
                draft.version = dice.of(
                        "HTTP/0.9",
                        "HTTP/1.0",
                        "HTTP/1.2",
                        "HTTP/2.0",
                        "HTTP/3",
                        "HTTP/1.1 ",
                        "",
                        "HTTX/1.1",
                        "http/1.1",
                        "HTTP/1",
                        "HTTP/1.1.1",
                        "HTTP/-1.1",
                        "HTTP/99999999999.1",
                        "HTTP/1.1\0",
                        "HTTP/1.\u0661");
            case 2 ->
                draft.target = dice.of(
                        "*",
                        "",
                        "//a/b",
                        "http://a" + draft.target,
                        "http://[::1",
                        "a:443",
                        "/ /",
                        "/\t",
                        "#a",
                        "/#a?b",
                        "?",
                        "/?",
                        "/..",
                        "/../../x",
                        "\\",
                        "/\u00e4",
                        "http:///",
                        "://",
                        "/a b HTTP/1.1",
                        "[",
                        "/" + "a".repeat(dice.below(40_000)));
            case 3 -> draft.lineEnd = dice.of("\n", "\r", "\r\r\n", "\n\r", "\r\n\r\n", " \r\n", "\0\r\n");
            case 4 ->
                draft.method =
                        dice.of("\r\n", "\n\n\n", "\r\n".repeat(dice.below(40_000)), " ", "\0", "\u0016\u0003\u0001")
                                + draft.method;
            default -> draft.target = draft.target + dice.latin(1 + dice.below(20));
        }
    }

    private static void broken(Draft draft, Dice dice) {
        switch (dice.below(9)) {
            case 0 -> draft.add("X-Fold", "a\r\n b\r\n\tc");
            case 1 ->
                draft.add(
                        dice.of("X ", " X", "X\t", "", "X\0", "X:Y", "\u00e4", "X\r", "(", "X\"", "X".repeat(20_000)),
                        "a");
            case 2 ->
                draft.add(
                        "X-Value",
                        dice.of(
                                "\0",
                                "a\0b",
                                "\r",
                                "\n",
                                "a\rb",
                                "\u0001",
                                "\u007f",
                                "\u00ff",
                                "\r\n\r\nGET / HTTP/1.1\r\n\r\n"));
            case 3 -> draft.add("X-Long", "v".repeat(dice.below(40_000)));
            case 4 -> {
                for (int i = dice.below(3_000); i > 0; i--) {
                    draft.add("X-" + i, "");
                }
            }
            case 5 -> draft.remove("Host");
            case 6 -> draft.add("Host", dice.of("a", "", "a b", "[::1", "\0", "a".repeat(5_000), "127.0.0.1:99999999"));
            case 7 -> draft.add("NoColon\r\nX", "a");
            default -> draft.add(dice.latin(1 + dice.below(10)), dice.latin(1 + dice.below(40)));
        }
    }

    private static void known(Draft draft, Dice dice) {
        draft.answerOwed = true;
        String nasty = dice.oneIn(2) ? Nasty.text(dice) : Nasty.number(dice);
        String value = nasty.replaceAll("[^\\x20-\\x7e]", "?");
        String short1 = value.substring(0, Math.min(value.length(), 6_000));
        draft.set(
                dice.of(
                        "Accept",
                        "Accept-Encoding",
                        "Accept-Language",
                        "Accept-Charset",
                        "Connection",
                        "Content-Language",
                        "Cookie",
                        "Origin",
                        "Referer",
                        "X-Forwarded-For",
                        "Forwarded",
                        "X-Forwarded-Proto",
                        "X-Forwarded-Host",
                        "traceparent",
                        "tracestate",
                        "Prefer",
                        "Range",
                        "If-None-Match",
                        "If-Modified-Since",
                        "If-Match",
                        "Expect",
                        "Idempotency-Key",
                        "User-Agent",
                        "Sec-Fetch-Mode",
                        "Sec-Fetch-Site",
                        "Access-Control-Request-Method",
                        "Access-Control-Request-Headers",
                        "X-HTTP-Method-Override",
                        "Last-Event-ID",
                        "Date",
                        "Via",
                        "X-Request-Id",
                        "Upgrade",
                        "HTTP2-Settings",
                        "TE",
                        "Max-Forwards",
                        "Warning",
                        "baggage"),
                dice.oneIn(2)
                        ? short1
                        : dice.of(
                                "bytes=0-",
                                "bytes=-1",
                                "bytes=9-1,2-",
                                "100-continue",
                                "200-ok",
                                "h2c",
                                "websocket",
                                "null",
                                "http://evil.example",
                                "trailers",
                                "close",
                                "keep-alive, Upgrade, HTTP2-Settings",
                                "wait=-1",
                                "wait=99999999999",
                                "wait=\"",
                                "respond-async, wait=0",
                                "*",
                                "W/\"a\"",
                                "Thu, 99 Foo 9999 99:99:99 GMT",
                                "127.0.0.1, ::1, a, ,",
                                "::ffff:127.0.0.1",
                                "00-00000000000000000000000000000000-0000000000000000-00",
                                "00-" + "f".repeat(32) + "-" + "e".repeat(16) + "-ff",
                                "a=b; a=c; tailrace_token",
                                "=;=;;",
                                "\"",
                                "AAMAAABkAARAAAAAAAIAAAAA"));
        if (dice.oneIn(4)) {
            draft.method = dice.of("OPTIONS", "HEAD", draft.method);
        }
        // An interim answer is only sent to who waits for it, and Upgrade may have no answer before it is understood.
        draft.answerOwed =
                draft.headers.stream().noneMatch(header -> header.name().matches("Expect|Upgrade|Connection"));
    }
}
