package io.tailrace.standalone.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SelectionTest {
    @Test
    void everything_runs_unless_it_is_named() {
        assertThat(Selection.without(List.of()).services()).isEqualTo(Selection.SERVICES);
        assertThat(Selection.without(List.of("projections")).services())
                .containsExactly("ingest-api", "sse-edge", "workers", "search-indexer");
    }

    @Test
    void search_is_the_server_and_the_service() {
        Selection selection = Selection.without(List.of("search"));
        assertThat(selection.has("elasticsearch")).isFalse();
        assertThat(selection.has("search-indexer")).isFalse();
        assertThat(selection.has("kafka")).isTrue();
    }

    @Test
    void telemetry_goes_with_the_api_that_it_writes_to() {
        assertThat(Selection.without(List.of("ingest-api")).has("telemetry")).isFalse();
    }

    @Test
    void an_unknown_name_is_refused_with_those_that_are_known() {
        assertThatThrownBy(() -> Selection.without(List.of("kafak")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("kafak")
                .hasMessageContaining("kafka,");
    }

    @Test
    void the_local_model_runs_only_if_it_is_wanted() {
        Selection selection = Selection.without(List.of("search"));
        assertThat(selection.has(Selection.LOCAL_MODEL)).isFalse();
        assertThat(selection.with(List.of()).has(Selection.LOCAL_MODEL)).isFalse();
        Selection more = selection.with(List.of("ai"));
        assertThat(more.has(Selection.LOCAL_MODEL)).isTrue();
        assertThat(more.has("elasticsearch")).isFalse();
        assertThat(more.withNothingMore()).isEqualTo(selection);
        assertThatThrownBy(() -> selection.with(List.of("search")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--with search: expected ai");
    }
}
