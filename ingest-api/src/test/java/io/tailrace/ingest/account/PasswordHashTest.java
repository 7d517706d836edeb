package io.tailrace.ingest.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {
    @Test
    void a_hash_of_the_reference_implementation_is_understood() {
        // test.c of github.com/P-H-C/phc-winner-argon2: hashtest(version, 2, 16, 1, "password", "somesalt", ...)
        PasswordHash hash = PasswordHash.parse(
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");

        assertThat(hash.isOf("password")).isTrue();
        assertThat(hash.isOf("Password")).isFalse();
    }

    @Test
    void its_text_says_all_that_is_needed_to_check_a_password() {
        String phc = PasswordHash.of("pässword", new byte[16]).phc();

        PasswordHash read = PasswordHash.parse(phc);

        assertThat(phc).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(read.isOf("pässword")).isTrue();
        assertThat(read.phc()).isEqualTo(phc);
    }

    @Test
    void one_password_typed_on_two_keyboards_is_one() {
        PasswordHash composed = PasswordHash.of("p\u00e4ssword", "0123456789abcdef".getBytes(StandardCharsets.UTF_8));

        assertThat(composed.isOf("pa\u0308ssword")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "$2a$10$abcdefghijklmnopqrstuv",
                "$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=19456,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            })
    void what_is_no_such_hash_is_refused(String text) {
        assertThatThrownBy(() -> PasswordHash.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
