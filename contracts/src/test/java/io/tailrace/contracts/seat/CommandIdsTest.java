package io.tailrace.contracts.seat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class CommandIdsTest {
    private static final UUID SHOW = UUID.fromString("0197a7b0-1234-7abc-8def-0123456789ab");
    private static final UUID OTHER_SHOW = UUID.fromString("0197a7b0-1234-7abc-8def-0123456789ac");

    @Test
    void anIdIsTheSameInEveryReleaseAndOnEveryNode() {
        assertThat(CommandIds.hold("user-1", SHOW, "key-1")).hasToString("0197a7b0-1234-773e-98a1-b18a2c6b197c");
        assertThat(CommandIds.confirm("user-1", SHOW, "key-1")).hasToString("0197a7b0-1234-7f56-93d0-a8a428cfb477");
        assertThat(CommandIds.release("user-1", SHOW, "key-1")).hasToString("0197a7b0-1234-771f-ba27-3df81d9cdbe4");
    }

    @Property
    void anIdIsAUuidOfVersion7WithTheTimeOfItsTarget(
            @ForAll long high, @ForAll long low, @ForAll @StringLength(max = 300) String key) {
        UUID target = new UUID(high, low);

        UUID id = CommandIds.hold("user-1", target, key);

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(high >>> 16);
        assertThat(CommandIds.hold("user-1", target, key)).isEqualTo(id);
    }

    @Property
    void anotherKeyIsAnotherId(@ForAll String key, @ForAll String otherKey) {
        boolean same = CommandIds.hold("user-1", SHOW, key).equals(CommandIds.hold("user-1", SHOW, otherKey));

        // Lone surrogates have no UTF-8; they do not pass a header either.
        assertThat(same).isEqualTo(utf8(key).equals(utf8(otherKey)));
    }

    @Test
    void personActionTargetAndKeyAreAllPartOfIt() {
        assertThat(new UUID[] {
                    CommandIds.hold("a", SHOW, "key"),
                    CommandIds.hold("b", SHOW, "key"),
                    CommandIds.hold("a", OTHER_SHOW, "key"),
                    CommandIds.hold("a", SHOW, "key2"),
                    CommandIds.confirm("a", SHOW, "key"),
                    CommandIds.release("a", SHOW, "key")
                })
                .doesNotHaveDuplicates();
    }

    @Test
    void aPersonCannotBeNamedSoThatTheirIdsAreAnothers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CommandIds.hold("a\0hold", SHOW, "key"))
                .withMessage("subject: has a NUL character, expected none");
    }

    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
