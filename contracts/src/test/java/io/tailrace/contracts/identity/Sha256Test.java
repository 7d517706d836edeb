package io.tailrace.contracts.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Sha256Test {
    /** Of FIPS 180-4's examples. */
    private static final String OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void a_text_and_its_bytes_have_the_hash_that_the_standard_says() {
        assertThat(HexFormat.of().formatHex(Sha256.of("abc"))).isEqualTo(OF_ABC);
        assertThat(HexFormat.of().formatHex(Sha256.of(new byte[] {'a', 'b', 'c'})))
                .isEqualTo(OF_ABC);
    }

    @Test
    void a_text_is_hashed_in_UTF_8() {
        assertThat(Sha256.of("\u00e4")).isEqualTo(Sha256.of("\u00e4".getBytes(StandardCharsets.UTF_8)));
    }
}
