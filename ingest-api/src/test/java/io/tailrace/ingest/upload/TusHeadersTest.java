package io.tailrace.ingest.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.kit.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TusHeadersTest {
    @Test
    void metadata_are_names_with_values_in_base64() {
        assertThat(TusHeaders.metadata("filename R3LDvMOfZS50eHQ=,is_secret, filetype dGV4dC9wbGFpbg=="))
                .isEqualTo(Map.of("filename", "Grüße.txt", "is_secret", "", "filetype", "text/plain"));
        assertThat(TusHeaders.metadata(null)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"filename !!!", "a YQ==,a YQ==", ",", "a YQ== b", "filename /w=="})
    void metadata_of_another_form_are_refused(String value) {
        assertThatThrownBy(() -> TusHeaders.metadata(value)).isInstanceOf(ProblemException.class);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "-1", "1.5", "+1", "0x10", "9999999999999999999", "\u0661"})
    void a_number_of_bytes_has_digits_alone(@Nullable String value) {
        assertThatThrownBy(() -> TusHeaders.bytes("Upload-Length", value)).isInstanceOf(ProblemException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha1", "crc32 AAAA", "sha1 AAAA", "sha1 !", "sha1 a b"})
    void a_checksum_of_another_form_is_refused(String value) {
        assertThatThrownBy(() -> TusHeaders.checksum(value)).isInstanceOf(ProblemException.class);
    }

    @Test
    void a_checksum_is_compared_with_what_was_computed() {
        TusHeaders.Checksum checksum = Objects.requireNonNull(TusHeaders.checksum("sha1 qvTGHdzF6KLavt4PO0gs2a6pQ00="));

        assertThat(checksum.isOf(Digests.of("SHA-1").digest("hello".getBytes(StandardCharsets.UTF_8))))
                .isTrue();
        assertThat(checksum.isOf(new byte[20])).isFalse();
    }

    @Test
    void a_moment_is_written_as_http_has_it() {
        assertThat(TusHeaders.date(Instant.parse("2026-11-05T08:09:10Z"))).isEqualTo("Thu, 05 Nov 2026 08:09:10 GMT");
    }
}
