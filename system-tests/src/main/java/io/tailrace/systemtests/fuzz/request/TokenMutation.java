package io.tailrace.systemtests.fuzz.request;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Replaces the token of a request by one that must let nobody in, and says so. */
final class TokenMutation implements Mutation {
    private final ForgedTokens forged;

    TokenMutation(ForgedTokens forged) {
        this.forged = forged;
    }

    @Override
    public void apply(Draft draft, Dice dice) {
        String token = token(draft);
        if (token == null) {
            draft.add(
                    "Authorization", dice.of("Bearer", "Bearer ", "Basic YTpi", "Bearer a.b.c", "Negotiate", "\u00ff"));
            return;
        }
        draft.mustBeRefused = true;
        String[] parts = token.split("\\.", -1);
        switch (dice.below(10)) {
            case 0 -> bearer(draft, "Bearer " + dice.of(forged.tokens()));
            case 1 -> bearer(draft, "Bearer " + flipped(parts, dice.below(3), dice));
            case 2 -> bearer(draft, "Bearer " + token.substring(0, dice.below(token.length() - 8)));
            case 3 -> bearer(draft, "Bearer " + parts[0] + "." + parts[1] + ".");
            case 4 -> bearer(draft, "Bearer " + dice.of(".", "..", "...", "a", token + ".x", "=" + token, "null"));
            case 5 -> bearer(draft, "Bearer " + parts[0] + "." + "A".repeat(dice.below(12_000)) + "." + parts[2]);
            case 6 ->
                bearer(
                        draft,
                        dice.of("Basic ", "Token ", "", "Bearer\t\u0001")
                                + dice.latin(20).replace("\r", "").replace("\n", ""));
            case 7 -> bearer(draft, "Bearer " + parts[0] + "." + nested(dice) + "." + parts[2]);
            case 8 -> {
                draft.remove("Authorization");
                draft.add(
                        "Cookie",
                        "tailrace_token=" + flipped(parts, 2, dice) + "; tailrace_token=" + dice.of(forged.tokens()));
            }
            default -> {
                draft.remove("Authorization");
                draft.target += (draft.target.contains("?") ? "&" : "?") + "access_token=" + dice.of(forged.tokens());
            }
        }
    }

    private static void bearer(Draft draft, String value) {
        draft.set("Authorization", value);
    }

    private static @Nullable String token(Draft draft) {
        return draft.headers.stream()
                .filter(header -> header.name().equals("Authorization"))
                .map(header -> header.value().substring("Bearer ".length()))
                .findFirst()
                .orElse(null);
    }

    /** One bit of what a part says, and not of its text, whose last character has bits that mean nothing. */
    private static String flipped(String[] parts, int part, Dice dice) {
        byte[] bytes = Base64.getUrlDecoder().decode(parts[part]);
        int bit = dice.below(bytes.length * Byte.SIZE);
        bytes[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        String[] changed = Arrays.copyOf(parts, parts.length);
        changed[part] = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        return String.join(".", changed);
    }

    private static String nested(Dice dice) {
        byte[] claims = Nasty.json(dice).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Arrays.copyOf(claims, Math.min(claims.length, 8_000)));
    }
}
