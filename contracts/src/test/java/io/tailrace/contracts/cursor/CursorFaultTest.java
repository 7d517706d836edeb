package io.tailrace.contracts.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.cursor.CursorDecoding.Fault;
import java.util.Arrays;
import java.util.Base64;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every text that is not a cursor is refused with its reason, and none is read as something else. */
class CursorFaultTest {
    private static final int VERSION = CursorCodec.VERSION;

    @Test
    void nothingIsRefused() {
        assertThat(Cursors.fault("")).isEqualTo(Fault.EMPTY);
    }

    @Test
    void whatIsLongerThanAnyCursorIsNotLookedAt() {
        assertThat(Cursors.fault("A".repeat(CursorCodec.MAX_TEXT_LENGTH + 1))).isEqualTo(Fault.TOO_LONG);
        assertThat(Cursors.fault("A".repeat(CursorCodec.MAX_TEXT_LENGTH))).isEqualTo(Fault.UNKNOWN_VERSION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "AQ==", "=", "AQ=", "A+A/", "AAé", "A A", "AAAA\n", "\u0000", "\ud800", "AAAAA", "AB"})
    void whatIsNotBase64UrlIsRefused(String text) {
        assertThat(Cursors.fault(text)).isEqualTo(Fault.NOT_BASE64URL);
    }

    @Test
    void aTextOfAnotherVersionIsRefused() {
        for (int version = 0; version < 256; version++) {
            if (version != VERSION && version != CursorCodec.VERSION_1) {
                assertThat(Cursors.fault(Cursors.textWithChecksum(version, 2, 0, 0, 1, 0, 5)))
                        .isEqualTo(Fault.UNKNOWN_VERSION);
            }
        }
    }

    @Test
    void aWrongChecksumIsRefused() {
        byte[] bytes = Base64.getUrlDecoder().decode(CursorCodec.encode(Cursors.at(1, 2, 3)));
        bytes[bytes.length - 1] ^= 1;

        assertThat(Cursors.fault(Cursors.text(bytes))).isEqualTo(Fault.CHECKSUM);
    }

    @Test
    void aTextThatEndsEarlyIsRefusedAlsoIfItsChecksumFits() {
        assertEndsEarly(VERSION, 2, 0, 0, 1, 0, 5, 0);
        assertEndsEarly(VERSION, 2, 0, 0, 1, 0, 5, 11, 7, 0, 0, 9, 1, 0, 0, 8, 9, 1, 0);
        assertEndsEarly(VERSION, 0, 1, 0, 0, 0, 9);
        assertEndsEarly(VERSION, 1, 1, 0, 0, 0, 9, 2, 0, 0, 1, 0, 5, 0);
        assertEndsEarly(CursorCodec.VERSION_1, 2, 0, 0, 1, 0, 5);
    }

    @Test
    void aTextThatAnnouncesMoreThanItHasIsRefused() {
        assertFault("another topic", Fault.TRUNCATED, VERSION, 3, 0, 0, 1, 0, 5, 0);
        assertFault("another partition", Fault.TRUNCATED, VERSION, 2, 0, 0, 1, 1, 5, 0);
        assertFault("an epoch", Fault.TRUNCATED, VERSION, 2, 0, 0, 1, 0, 5, 2);
        assertFault("another member", Fault.TRUNCATED, VERSION, 2, 0, 0, 1, 0, 5, 12, 0, 0, 9);
        assertFault("another lagging channel", Fault.TRUNCATED, VERSION, 2, 0, 0, 1, 0, 5, 1, 2, 0, 0, 0, 9, 1, 0);
        assertFault("another pending channel", Fault.TRUNCATED, VERSION, 0, 2, 0, 0, 0, 9);
        assertFault("a topic after the pending channels", Fault.TRUNCATED, VERSION, 1, 1, 0, 0, 0, 9);
        assertFault("another topic", Fault.TRUNCATED, CursorCodec.VERSION_1, 3, 0, 0, 1, 0, 5);
        assertFault("lagging", Fault.TRUNCATED, CursorCodec.VERSION_1, 2, 0, 0, 1, 2, 5, 2, 0, 0, 0, 9, 1);
    }

    @Test
    void aTextThatGoesOnAfterItsEndIsRefused() {
        assertFault("a topic", Fault.TRAILING_BYTES, VERSION, 2, 0, 0, 1, 0, 5, 0, 0);
        assertFault("pending channels", Fault.TRAILING_BYTES, VERSION, 0, 1, 0, 0, 0, 9, 0);
        assertFault("version 1", Fault.TRAILING_BYTES, CursorCodec.VERSION_1, 2, 0, 0, 1, 0, 5, 0);
    }

    @Test
    void aNumberOutOfItsRangeIsRefused() {
        assertInvalid("namespace 128", VERSION, 0x80, 0x02, 0, 0, 1, 0, 5, 0);
        assertInvalid("partition 1024", VERSION, 2, 0, 0, 1, 0x80, 0x10, 5, 0);
        assertInvalid("partition 1023 + 1", VERSION, 2, 0, 0, 1, 0xff, 0x0f, 5, 0, 0, 5, 0);
        assertInvalid("an offset of 64 bits", VERSION, 2, 0, 0, 1, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1);
        assertInvalid("an epoch of 32 bits", VERSION, 2, 0, 0, 1, 0, 5, 2, 255, 255, 255, 255, 15);
        assertInvalid(
                "a lagging epoch of 32 bits", VERSION, 2, 0, 0, 1, 0, 5, 1, 1, 0, 0, 0, 1, 1, 129, 128, 128, 128, 8);
        assertInvalid("more members than there may be", VERSION, 2, 0, 0, 1, 0, 5, 0x88, 0x20);
        assertInvalid("namespace 0", CursorCodec.VERSION_1, 0, 0, 0, 1, 0, 5);
        assertInvalid("partition 1024", CursorCodec.VERSION_1, 2, 0, 0, 1, 0x80, 0x20, 5);
        assertInvalid("partition 1023 + 1", CursorCodec.VERSION_1, 2, 0, 0, 1, 0xfd, 0x1f, 5, 0, 5);
    }

    @Test
    void aNumberThatIsNotInItsShortestFormIsRefused() {
        assertInvalid("namespace", VERSION, 0x82, 0, 0, 0, 1, 0, 5, 0);
        assertInvalid("partition", VERSION, 2, 0, 0, 1, 0x80, 0, 5, 0);
        assertInvalid("offset", VERSION, 2, 0, 0, 1, 0, 0x85, 0, 0);
        assertInvalid("form", VERSION, 2, 0, 0, 1, 0, 5, 0x80, 0);
        assertInvalid("epoch", VERSION, 2, 0, 0, 1, 0, 5, 2, 0x81, 0);
    }

    @Test
    void topicsOutOfOrderAreRefused() {
        assertInvalid("1 after 2", VERSION, 5, 0, 0, 1, 0, 5, 0, 2, 0, 0, 1, 0, 5, 0);
        assertInvalid("1 after 1", VERSION, 3, 0, 0, 1, 0, 5, 0, 2, 0, 0, 1, 0, 5, 0);
        assertInvalid("0 after 1", VERSION, 3, 0, 0, 1, 0, 5, 0, 0, 0, 0, 1, 0, 5, 0);
        assertInvalid("0 after 0", VERSION, 1, 1, 0, 0, 0, 9, 0, 1, 0, 0, 0, 10);
    }

    @Test
    void pendingChannelsThatMakeNoSenseAreRefused() {
        assertInvalid("announced, but none", VERSION, 0, 0);
        assertInvalid("more than there may be", VERSION, 0, 0x81, 0x08, 0, 0, 0, 9);
        assertInvalid("out of order", VERSION, 0, 2, 0, 0, 0, 9, 0, 0, 0, 8);
        assertInvalid("one twice", VERSION, 0, 2, 0, 0, 0, 9, 0, 0, 0, 9);
    }

    @Test
    void membersThatMakeNoSenseAreRefused() {
        assertInvalid("out of order", VERSION, 2, 0, 0, 1, 0, 5, 12, 0, 0, 9, 0, 0, 8);
        assertInvalid("one twice", VERSION, 2, 0, 0, 1, 0, 5, 12, 0, 0, 9, 0, 0, 9);
        assertInvalid("lagging as well", VERSION, 2, 0, 0, 1, 0, 5, 9, 0, 0, 9, 1, 0, 0, 9, 1, 1, 0);
    }

    @Test
    void laggingChannelsThatMakeNoSenseAreRefused() {
        assertInvalid("announced, but none", VERSION, 2, 0, 0, 1, 0, 5, 1, 0);
        assertInvalid("more than there may be", VERSION, 2, 0, 0, 1, 0, 5, 1, 0x81, 0x08, 0, 0, 0, 1, 1, 0);
        assertInvalid("not behind", VERSION, 2, 0, 0, 1, 0, 5, 1, 1, 0, 0, 0, 1, 0, 0);
        assertInvalid("before offset 0", VERSION, 2, 0, 0, 1, 0, 5, 1, 1, 0, 0, 0, 1, 6, 0);
        assertInvalid("out of order", VERSION, 2, 0, 0, 1, 0, 5, 1, 2, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0);
        assertInvalid("one twice", VERSION, 2, 0, 0, 1, 0, 5, 1, 2, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 2, 0);
    }

    @Test
    void morePartitionsThanThereMayBeAreRefused() {
        int[] bytes = new int[2 * (3 + 1) + 1 + 2 * 3 * 513];
        int at = 0;
        bytes[at++] = VERSION;
        for (int topic = 0; topic < 2; topic++) {
            bytes[at++] = topic == 0 ? 1 * 2 + 1 : 2 * 2;
            at += 3;
            for (int partition = 0; partition < 513; partition++) {
                bytes[at++] = partition < 512 ? 1 : 0;
                bytes[at++] = 5;
                bytes[at++] = 0;
            }
        }

        assertThat(Cursors.fault(Cursors.textWithChecksum(bytes))).isEqualTo(Fault.INVALID_NUMBER);
    }

    @Property(tries = 100)
    void everyTruncationIsRefused(@ForAll("cursors") Cursor cursor) {
        String text = CursorCodec.encode(cursor);
        byte[] bytes = Base64.getUrlDecoder().decode(text);

        for (int length = 0; length < text.length(); length++) {
            assertThat(CursorCodec.decode(text.substring(0, length))).isInstanceOf(CursorDecoding.Malformed.class);
        }
        for (int length = 1; length < bytes.length - 1; length++) {
            int[] cut = new int[length];
            for (int i = 0; i < length; i++) {
                cut[i] = bytes[i];
            }
            assertThat(Cursors.fault(Cursors.textWithChecksum(cut)))
                    .as("cut to %s bytes, with a checksum that fits", length)
                    .isIn(Fault.TRUNCATED, Fault.INVALID_NUMBER);
        }
    }

    @Property(tries = 10)
    void everyChangeOfOneByteIsRefused(@ForAll("cursors") Cursor cursor) {
        byte[] bytes = Base64.getUrlDecoder().decode(CursorCodec.encode(cursor));

        for (int i = 0; i < bytes.length; i++) {
            for (int change = 1; change < 256; change++) {
                bytes[i] ^= (byte) change;
                Fault fault = Cursors.fault(Cursors.text(bytes));
                if (fault != Fault.CHECKSUM && fault != Fault.UNKNOWN_VERSION) {
                    throw new AssertionError(fault + " after byte " + i + " ^ " + change + " of " + cursor);
                }
                bytes[i] ^= (byte) change;
            }
        }
    }

    @Property(tries = 10)
    void everyChangeOfOneCharacterIsRefused(@ForAll("cursors") Cursor cursor) {
        String text = CursorCodec.encode(cursor);

        for (int i = 0; i < text.length(); i++) {
            for (char c = 0; c < 256; c++) {
                if (c != text.charAt(i)) {
                    String changed = text.substring(0, i) + c + text.substring(i + 1);
                    if (CursorCodec.decode(changed) instanceof CursorDecoding.Decoded decoded) {
                        throw new AssertionError(changed + " is read as " + decoded);
                    }
                }
            }
        }
    }

    @Property
    void noTextMakesItThrow(@ForAll @StringLength(max = 300) String text) {
        assertThat(CursorCodec.decode(text)).isNotNull();
    }

    @Property(tries = 5000)
    void noBytesMakeItThrow(@ForAll int[] bytes, @ForAll @IntRange(max = 3) int keep) {
        if (bytes.length > 0 && keep > 0) {
            bytes[0] = keep == 1 ? CursorCodec.VERSION_1 : VERSION;
        }
        assertThat(CursorCodec.decode(Cursors.textWithChecksum(bytes))).isNotNull();
    }

    @Provide
    Arbitrary<Cursor> cursors() {
        return Cursors.any();
    }

    private static void assertEndsEarly(int... whole) {
        assertThat(Cursors.decoded(Cursors.textWithChecksum(whole))).isNotNull();

        assertThat(Cursors.fault(Cursors.text(new byte[] {(byte) whole[0]}))).isEqualTo(Fault.TRUNCATED);
        for (int length = 1; length < whole.length; length++) {
            int[] cut = Arrays.copyOf(whole, length);
            assertThat(Cursors.fault(Cursors.textWithChecksum(cut))).isEqualTo(Fault.TRUNCATED);
        }
    }

    private static void assertInvalid(String what, int... bytes) {
        assertFault(what, Fault.INVALID_NUMBER, bytes);
    }

    private static void assertFault(String what, Fault fault, int... bytes) {
        assertThat(Cursors.fault(Cursors.textWithChecksum(bytes))).as(what).isEqualTo(fault);
    }
}
