package io.tailrace.edge.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.tailrace.contracts.series.Resolutions;
import io.tailrace.edge.testing.SeriesPoints;
import io.tailrace.grpc.series.v1.WatchRequest;
import io.tailrace.kit.problem.Problem;
import io.tailrace.kit.problem.ProblemException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class WatchQuestionTest {
    private static final Resolutions ALL = Resolutions.parse(Resolutions.STANDARD);
    private static final String METRIC = UUID.randomUUID().toString();

    @Test
    void readsWhatIsAskedForOnWholeWindows() {
        WatchQuestion question = read(request -> request.setResolution("10s")
                .setFrom(SeriesPoints.time(12_345))
                .setTo(SeriesPoints.time(60_000))
                .setInterval(Duration.newBuilder().setSeconds(1).setNanos(500_000_000)));

        assertThat(question.fromMs()).isEqualTo(10_000);
        assertThat(question.intervalMs()).isEqualTo(1_500);
        assertThat(question.channel()).isEqualTo("series:" + METRIC + ":10s");
        assertThat(question.wants(9_999)).isFalse();
        assertThat(question.wants(59_999)).isTrue();
        assertThat(question.wants(60_000)).isFalse();
    }

    @Test
    void withoutResolutionItIsTheFinest() {
        assertThat(read(request -> {}).resolution()).isEqualTo("1s");
    }

    @Test
    void eachFaultIsNamedByItsField() {
        assertThat(faults(request -> request.setMetricId("x".repeat(10_000)))).containsExactly("metric_id");
        assertThat(faults(request -> request.setResolution("auto"))).containsExactly("resolution");
        assertThat(faults(request -> request.setMaxPoints(1_000_000_000))).containsExactly("max_points");
        assertThat(faults(request -> request.setMaxPoints(-1))).containsExactly("max_points");
        assertThat(faults(request -> request.setResolution("raw").setMaxPoints(5)))
                .containsExactly("max_points");
        assertThat(faults(request -> request.setInterval(Duration.newBuilder().setSeconds(-1))))
                .containsExactly("interval");
        assertThat(faults(request -> request.setInterval(Duration.newBuilder().setSeconds(Long.MAX_VALUE))))
                .containsExactly("interval");
        assertThat(faults(request -> request.setFrom(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE))))
                .containsExactly("from");
        assertThat(faults(request -> request.setFrom(SeriesPoints.time(5_000)).setTo(SeriesPoints.time(4_000))))
                .containsExactly("to");
        assertThat(faults(request -> request.setCursor("nonsense"))).containsExactly("cursor");
        assertThat(faults(request -> request.setResolution("2s").setMaxPoints(20_000)))
                .containsExactly("resolution", "max_points");
    }

    @Test
    void aLongTextIsNotRepeatedWhole() {
        assertThatThrownBy(() -> read(request -> request.setMetricId("x".repeat(10_000))))
                .isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(
                                Objects.requireNonNull(problem.problem().errors())
                                        .getFirst()
                                        .message())
                        .hasSizeLessThan(200));
    }

    private static WatchQuestion read(Consumer<WatchRequest.Builder> change) {
        WatchRequest.Builder request = WatchRequest.newBuilder().setMetricId(METRIC);
        change.accept(request);
        return WatchQuestion.read(request.build(), ALL, 1_700_000_000_000L);
    }

    private static List<String> faults(Consumer<WatchRequest.Builder> change) {
        try {
            read(change);
        } catch (ProblemException e) {
            return Objects.requireNonNull(e.problem().errors()).stream()
                    .map(Problem.FieldError::field)
                    .toList();
        }
        return List.of();
    }
}
