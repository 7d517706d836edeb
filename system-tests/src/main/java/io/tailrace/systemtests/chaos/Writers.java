package io.tailrace.systemtests.chaos;

import io.tailrace.systemtests.chaos.check.Findings;
import io.tailrace.systemtests.chaos.check.LogIndex;
import io.tailrace.systemtests.chaos.schedule.Reader;
import io.tailrace.systemtests.chaos.schedule.Scale;
import io.tailrace.systemtests.chaos.schedule.Schedule;
import io.tailrace.systemtests.chaos.stream.Tokens;
import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.client.Publisher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Publishes at a steady rate: to every channel directly, and as an author whose posts go through the dispatcher. */
final class Writers {
    private static final String PADDING = "x".repeat(400);
    private static final long TOKEN_LIFETIME_MS = 24 * 3_600_000L;

    private final List<String> feeds;
    private final Map<String, Publisher> direct = new LinkedHashMap<>();
    private final Publisher posts;
    private Map<String, List<String>> acknowledged = Map.of();

    /** Lets the followers follow, and starts. */
    Writers(String origin, Tokens tokens, Schedule schedule, Scale scale) throws IOException, InterruptedException {
        long expiresAtMs = System.currentTimeMillis() + TOKEN_LIFETIME_MS;
        String author = UUID.randomUUID().toString();
        List<Reader> followers = schedule.readers().subList(0, scale.followers());
        for (Reader follower : followers) {
            new Api(origin, tokens.issue(follower.subject(), List.of(), List.of(), expiresAtMs))
                    .mustWrite("PUT", "/follows/" + author, null);
        }
        feeds = followers.stream().map(follower -> "feed:" + follower.subject()).toList();
        List<String> channels = new ArrayList<>(scale.names());
        channels.add(Scale.SECRET);
        Api service = new Api(origin, tokens.issue("chaos-publisher", List.of(), channels, expiresAtMs));
        for (String channel : channels) {
            direct.put(channel, new Publisher(scale.perSecond(), n -> service.mustWrite(
                            "POST",
                            "/channels/" + channel + "/events",
                            Map.of("type", "counted", "data", Map.of("n", n, "padding", PADDING)))
                    .path("events")
                    .path(0)
                    .path("id")
                    .asText()));
        }
        posts = Publisher.ofPosts(
                new Api(origin, tokens.issue(author, List.of(), List.of(), expiresAtMs)), scale.perSecond());
    }

    /** How many events the log must have by what was acknowledged until now. */
    long published() {
        long count = (long) posts.acknowledged().size() * feeds.size();
        for (Publisher publisher : direct.values()) {
            count += publisher.acknowledged().size();
        }
        return count;
    }

    /** Ends after the writes in hand. */
    void stop() throws InterruptedException {
        Map<String, List<String>> written = new LinkedHashMap<>();
        for (Map.Entry<String, Publisher> publisher : direct.entrySet()) {
            written.put(publisher.getKey(), publisher.getValue().stop());
        }
        List<String> posted = posts.stop();
        feeds.forEach(feed -> written.put(feed, posted));
        acknowledged = written;
    }

    /** Whether the log has every event that was acknowledged. To be asked after {@link #stop}. */
    boolean areIn(LogIndex log) {
        return acknowledged.entrySet().stream()
                .allMatch(channel -> channel.getValue().stream().allMatch(id -> log.knows(channel.getKey(), id)));
    }

    /** Holds what was acknowledged against the log. */
    void check(LogIndex log, Findings findings) {
        acknowledged.forEach((channel, ids) -> log.checkWrites(channel, ids, findings));
    }
}
