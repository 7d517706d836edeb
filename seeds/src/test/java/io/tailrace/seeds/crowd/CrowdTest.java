package io.tailrace.seeds.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.event.UserRegistered;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CrowdTest {
    private static final int PEOPLE = 5000;

    private final Crowd crowd = new Crowd(PEOPLE);

    @Test
    void thereAreNoTwoOfAKindAndEachIsTheSameInALargerCrowd() {
        // when
        List<UserRegistered> people =
                IntStream.range(0, PEOPLE).mapToObj(crowd::person).toList();

        // then
        assertThat(people)
                .extracting(UserRegistered::id)
                .doesNotHaveDuplicates()
                .allMatch(id -> id.version() == 7);
        assertThat(people)
                .extracting(UserRegistered::email)
                .doesNotHaveDuplicates()
                .allMatch(email -> email.matches("[a-z0-9.]+@example\\.org"));
        assertThat(people)
                .extracting(UserRegistered::phone)
                .allMatch(phone -> phone != null && phone.matches("\\+49[0-9]{10}"));
        assertThat(new Crowd(10 * PEOPLE).person(7)).isEqualTo(people.get(7));
    }

    @Test
    void fewAreFollowedByManyAndNobodyFollowsThemselves() {
        // when
        Map<UUID, Long> followers = IntStream.range(0, PEOPLE)
                .boxed()
                .flatMap(i -> crowd.follows(i).stream())
                .peek(follow -> assertThat(follow.followerId()).isNotEqualTo(follow.followeeId()))
                .map(follow -> follow.followeeId())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        // then the first hundredth has more than a fifth of all
        long all = followers.values().stream().mapToLong(Long::longValue).sum();
        List<Long> most = new ArrayList<>(followers.values());
        most.sort((a, b) -> Long.compare(b, a));
        long ofFew = most.subList(0, PEOPLE / 100).stream()
                .mapToLong(Long::longValue)
                .sum();
        assertThat(all).isBetween(2L * PEOPLE, 8L * PEOPLE);
        assertThat(ofFew * 5).isGreaterThan(all);
    }

    @Test
    void someWriteAndFewOfferShows() {
        assertThat(IntStream.range(0, PEOPLE)
                        .mapToObj(crowd::posts)
                        .mapToInt(List::size)
                        .sum())
                .isBetween(1200, 1800);
        assertThat(IntStream.range(0, PEOPLE)
                        .mapToObj(crowd::shows)
                        .mapToInt(List::size)
                        .sum())
                .isEqualTo(1);
    }
}
