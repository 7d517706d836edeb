package io.tailrace.systemtests.fuzz.request;

import io.tailrace.systemtests.fuzz.request.Case.Reading;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Makes cases by seed and number, out of requests that are right. Thread-safe. */
public final class CaseMaker {
    /** Bytes after a request for a stream beyond which an edge closes the connection: its default of this setting. */
    private static final int DISCARD_BYTES = 65_536;

    private final long seed;
    private final String authority;
    private final List<Template> templates;
    private final List<Template> writes;
    private final List<Template> streams;
    private final Map<String, Mutation> mutations;

    /**
     * A maker.
     *
     * @param authority what {@code Host} says
     * @param templates all requests; some have a body, some have a token, and some are for streams of SSE
     * @param cursors good ones
     */
    public CaseMaker(long seed, String authority, List<Template> templates, List<String> cursors, ForgedTokens forged) {
        this.seed = seed;
        this.authority = authority;
        this.templates = List.copyOf(templates);
        this.writes = templates.stream().filter(one -> one.body() != null).toList();
        this.streams = templates.stream()
                .filter(one -> one.path().startsWith("/events?"))
                .toList();
        this.mutations = Map.of(
                "json", new JsonMutation(),
                "cursor", new CursorMutation(cursors),
                "token", new TokenMutation(forged),
                "target", new TargetMutation(),
                "body", new BodyMutation(),
                "http", new HeadMutation(),
                "key",
                        (draft, dice) -> draft.set(
                                "Idempotency-Key",
                                dice.of(
                                        "",
                                        " ",
                                        "same",
                                        "same",
                                        "x".repeat(255),
                                        "x".repeat(256),
                                        "\u00e4",
                                        "a b",
                                        "\t",
                                        "a\0",
                                        "\"",
                                        ",",
                                        dice.uuid())),
                "right", (draft, dice) -> {});
    }

    /** Case {@code number}. */
    public Case make(long number) {
        Dice dice = new Dice(seed, number);
        int kind = dice.below(100);
        if (kind < 8) {
            Draft draft = draft(templates, dice);
            byte[] bytes = Http2Bytes.of(draft, dice);
            return new Case(number, "http2", draft.source, bytes, Reading.HTTP2, false, false, false);
        }
        if (kind < 15) {
            Draft draft = draft(streams, dice);
            byte[] bytes = WebSocketBytes.of(draft, dice);
            boolean head = draft.method.equals("HEAD");
            return new Case(number, "websocket", draft.source, bytes, Reading.WEBSOCKET, head, draft.answerOwed, false);
        }
        if (kind < 19) {
            return pipelined(number, dice);
        }
        return single(number, dice);
    }

    private Case single(long number, Dice dice) {
        int kind = dice.below(100);
        String family = kind < 24
                ? "http"
                : kind < 52
                        ? "json"
                        : kind < 62
                                ? "cursor"
                                : kind < 72
                                        ? "token"
                                        : kind < 80 ? "body" : kind < 93 ? "target" : kind < 96 ? "key" : "right";
        List<Template> from =
                switch (family) {
                    case "json", "key" -> writes;
                    case "cursor" -> streams;
                    default -> templates;
                };
        Template template = dice.of(from);
        Draft draft = new Draft(template, authority);
        mutation(family).apply(draft, dice);
        if (family.equals("json") && dice.oneIn(4)) {
            draft.json = null;
        }
        byte[] bytes = draft.bytes();
        boolean owed = draft.answerOwed;
        if (family.equals("http") && dice.oneIn(4)) {
            bytes = BytesMutation.apply(bytes, dice);
        }
        Reading reading = Reading.ONE_ANSWER;
        if (family.equals("http") && dice.oneIn(10)) {
            bytes = Arrays.copyOf(bytes, dice.below(bytes.length + 1));
            reading = dice.oneIn(3) ? Reading.ONE_ANSWER : Reading.NOTHING;
            owed = false;
        }
        // A head that is too long is refused before it is read whole, and what was not read takes the answer with it.
        owed &= bytes.length - draft.body.length < 14_000;
        owed &= !(isStream(draft) && draft.body.length > DISCARD_BYTES);
        boolean refused = draft.mustBeRefused && template.guarded();
        return new Case(number, family, template.name(), bytes, reading, draft.method.equals("HEAD"), owed, refused);
    }

    /** Some requests at once; the last one asks for the end. */
    private Case pipelined(long number, Dice dice) {
        int count = 1 + dice.below(6);
        byte[][] parts = new byte[count + 1][];
        for (int i = 0; i < count; i++) {
            Draft draft = draft(templates, dice);
            if (draft.target.startsWith("/events?") || draft.target.startsWith("/events/watch") || dice.oneIn(3)) {
                draft.target = "/health/liveness";
                draft.method = "GET";
                draft.body = new byte[0];
            }
            if (dice.oneIn(3)) {
                mutation(dice.of("json", "target", "token")).apply(draft, dice);
            }
            parts[i] = draft.bytes();
        }
        parts[count] = ("GET /health/liveness HTTP/1.1\r\nHost: " + authority + "\r\nConnection: close\r\n\r\n")
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] bytes = BytesMutation.joined(parts);
        return new Case(number, "pipeline", count + " requests", bytes, Reading.ALL_ANSWERS, false, false, false);
    }

    private static boolean isStream(Draft draft) {
        return draft.method.equals("GET") && draft.target.startsWith("/events");
    }

    private Draft draft(List<Template> from, Dice dice) {
        return new Draft(dice.of(from), authority);
    }

    private Mutation mutation(String family) {
        return java.util.Objects.requireNonNull(mutations.get(family), family);
    }
}
