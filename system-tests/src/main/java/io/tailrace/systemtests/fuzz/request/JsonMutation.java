package io.tailrace.systemtests.fuzz.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Changes a body as a tree, so that most of it stays right and what is wrong is deep in it; sometimes as text. */
final class JsonMutation implements Mutation {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Bytes that are not UTF-8: a lone continuation, an overlong NUL, a surrogate, a character above U+10FFFF, a cut one. */
    private static final List<byte[]> NOT_UTF_8 = List.of(
            new byte[] {(byte) 0x80},
            new byte[] {(byte) 0xc0, (byte) 0x80},
            new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
            new byte[] {(byte) 0xf5, (byte) 0x80, (byte) 0x80, (byte) 0x80},
            new byte[] {(byte) 0xe2, (byte) 0x82},
            new byte[] {0});

    @Override
    public void apply(Draft draft, Dice dice) {
        JsonNode json = draft.json;
        if (json == null) {
            draft.set("Content-Type", "application/json");
            draft.body(Nasty.json(dice));
            return;
        }
        switch (dice.below(12)) {
            case 0 -> draft.body(Nasty.json(dice));
            case 1 -> draft.body(Nasty.brokenText(json.toString(), dice));
            case 2 -> draft.body = insert(draft.body, dice.of(NOT_UTF_8), dice.below(draft.body.length + 1));
            case 3 -> draft.body = encoded(json.toString(), dice);
            default -> draft.body(changed(json, dice).toString());
        }
    }

    private static JsonNode changed(JsonNode root, Dice dice) {
        List<ContainerNode<?>> containers = new ArrayList<>();
        collect(root, containers);
        if (containers.isEmpty()) {
            return raw(Nasty.json(dice));
        }
        ContainerNode<?> chosen = dice.of(containers);
        switch (chosen) {
            case ObjectNode object -> change(object, dice);
            case ArrayNode array -> change(array, dice);
            default -> throw new IllegalStateException("no other containers: " + chosen.getNodeType());
        }
        return root;
    }

    private static void change(ObjectNode object, Dice dice) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        if (names.isEmpty() || dice.oneIn(8)) {
            object.set(Nasty.text(dice), raw(Nasty.json(dice)));
            return;
        }
        String name = dice.of(names);
        JsonNode old = object.get(name);
        switch (dice.below(7)) {
            case 0 -> object.remove(name);
            case 1 ->
                object.set(dice.oneIn(2) ? name.toUpperCase(java.util.Locale.ROOT) : name + " ", object.remove(name));
            case 2 -> // The same name twice, as text, because a tree can't hold it.
                object.set(name, raw(old + ",\"" + name + "\":" + (dice.oneIn(2) ? old : Nasty.json(dice))));
            case 3 -> object.set(name, NODES.arrayNode().add(old));
            default -> object.set(name, value(old, dice));
        }
    }

    private static void change(ArrayNode array, Dice dice) {
        int index = dice.below(array.size() + 1);
        if (index == array.size() || dice.oneIn(4)) {
            array.insert(index, value(NODES.nullNode(), dice));
        } else if (dice.oneIn(4)) {
            JsonNode old = array.get(index);
            for (int i = dice.below(200); i > 0; i--) {
                array.add(old);
            }
        } else {
            array.set(index, value(array.get(index), dice));
        }
    }

    private static JsonNode value(JsonNode old, Dice dice) {
        if (old.isTextual() && dice.oneIn(2)) {
            return NODES.textNode(
                    switch (dice.below(4)) {
                        case 0 -> old.asText() + Nasty.text(dice);
                        case 1 -> Nasty.text(dice) + old.asText();
                        case 2 ->
                            old.asText().substring(0, dice.below(old.asText().length() + 1));
                        default -> Nasty.word(dice);
                    });
        }
        return raw(old.isNumber() && dice.oneIn(2) ? Nasty.number(dice) : Nasty.json(dice));
    }

    private static JsonNode raw(String json) {
        return NODES.rawValueNode(new RawValue(json));
    }

    private static byte[] encoded(String text, Dice dice) {
        return switch (dice.below(4)) {
            case 0 -> text.getBytes(StandardCharsets.UTF_16);
            case 1 -> text.getBytes(StandardCharsets.UTF_16LE);
            case 2 -> text.getBytes(java.nio.charset.Charset.forName("UTF-32BE"));
            default -> ("\ufeff" + text).getBytes(StandardCharsets.UTF_8);
        };
    }

    static byte[] insert(byte[] into, byte[] what, int at) {
        byte[] out = new byte[into.length + what.length];
        System.arraycopy(into, 0, out, 0, at);
        System.arraycopy(what, 0, out, at, what.length);
        System.arraycopy(into, at, out, at + what.length, into.length - at);
        return out;
    }

    private static void collect(JsonNode node, List<ContainerNode<?>> into) {
        if (node instanceof ContainerNode<?> container) {
            into.add(container);
            container.forEach(child -> collect(child, into));
        }
    }
}
