package io.tailrace.kit.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordTraceTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SAMPLED = "00-" + TRACE + "-00f067aa0ba902b7-01";

    @Test
    void a_record_names_the_span_that_wrote_it() {
        RecordHeaders written = new RecordHeaders();
        Context writer = Objects.requireNonNull(RecordTrace.sampled(headers(SAMPLED)));

        RecordTrace.inject(writer, written);

        assertThat(written.toArray()).singleElement().satisfies(header -> {
            assertThat(header.key()).isEqualTo("traceparent");
            assertThat(new String(header.value(), StandardCharsets.US_ASCII)).isEqualTo(SAMPLED);
        });
        assertThat(Span.fromContext(writer).getSpanContext().getTraceId()).isEqualTo(TRACE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-zzf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-and-more"
            })
    void what_is_not_sampled_or_no_trace_is_none(String header) {
        assertThat(RecordTrace.sampled(headers(header))).isNull();
    }

    @Test
    void a_record_without_the_header_or_its_value_has_none() {
        assertThat(RecordTrace.sampled(new RecordHeaders())).isNull();
        assertThat(RecordTrace.sampled(headers(null))).isNull();
    }

    private static RecordHeaders headers(@Nullable String trace) {
        RecordHeaders headers = new RecordHeaders();
        var unused = headers.add("traceparent", trace == null ? null : trace.getBytes(StandardCharsets.US_ASCII));
        return headers;
    }
}
