package io.tailrace.systemtests.fuzz.request;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Changes the path, the query, or how either is written. */
final class TargetMutation implements Mutation {
    @Override
    public void apply(Draft draft, Dice dice) {
        int question = draft.target.indexOf('?');
        String path = question < 0 ? draft.target : draft.target.substring(0, question);
        String query = question < 0 ? "" : draft.target.substring(question + 1);
        if (dice.oneIn(2)) {
            path = path(path, dice);
        } else {
            query = query(query, dice);
        }
        draft.target = query.isEmpty() ? path : path + "?" + query;
        // What breaks the line breaks the request.
        draft.answerOwed = draft.target.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    private static String path(String path, Dice dice) {
        List<String> parts = new ArrayList<>(Arrays.asList(path.split("/", -1)));
        int at = dice.below(parts.size());
        switch (dice.below(8)) {
            case 0 -> parts.set(at, encoded(Nasty.text(dice), dice));
            case 1 -> parts.set(at, encoded(Nasty.word(dice), dice));
            case 2 -> parts.add(at, dice.of("..", ".", "", "%2e%2e", "%2f", "..%5c", "%2e", ";a=b"));
            case 3 ->
                parts.set(
                        at,
                        parts.get(at) + dice.of("%00", "%ff", "%c0%ae", "%", "%zz", "%ed%a0%80", ";x", ".json", "/"));
            case 4 -> parts.set(at, escaped(parts.get(at)));
            case 5 -> parts.set(at, "x".repeat(dice.below(18_000)));
            case 6 -> parts.set(at, dice.latin(1 + dice.below(6)));
            default ->
                parts.set(at, dice.of("*", "{id}", "$", "~", "\\", "|", "^", "<", "0", "-1", "null", dice.uuid()));
        }
        return String.join("/", parts);
    }

    private static String query(String query, Dice dice) {
        List<String> pairs = new ArrayList<>(Arrays.asList(query.split("&", -1)));
        int at = dice.below(pairs.size());
        String pair = pairs.get(at);
        String name = pair.contains("=")
                ? pair.substring(0, pair.indexOf('='))
                : dice.of("limit", "before", "after", "q", "fields");
        switch (dice.below(9)) {
            case 0, 1 -> pairs.set(at, name + "=" + encoded(Nasty.text(dice), dice));
            case 2 -> pairs.set(at, name + "=" + encoded(Nasty.number(dice), dice));
            case 3 -> pairs.set(at, name + "=" + encoded(Nasty.word(dice), dice));
            case 4 -> pairs.add(pair);
            case 5 ->
                pairs.set(
                        at,
                        dice.of(name, "=", "&&&", name + "==", "%3d=%3d", "=" + name, name + "[]=1", name + "%00=1"));
            case 6 ->
                pairs.set(
                        at,
                        name + "="
                                + dice.of("%", "%f", "%zz", "%00", "%ff", "%c3%28", "+", "%0d%0ax-fuzz-injected:%201"));
            case 7 -> {
                for (int i = dice.below(200); i > 0; i--) {
                    pairs.add("p" + i + "=" + i);
                }
            }
            default -> pairs.set(at, name + "=" + dice.latin(1 + dice.below(6)));
        }
        return String.join("&", pairs);
    }

    private static String encoded(String text, Dice dice) {
        return dice.oneIn(6)
                ? text
                : URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            out.append('%').append(String.format(Locale.ROOT, "%02x", one));
        }
        return out.toString();
    }
}
