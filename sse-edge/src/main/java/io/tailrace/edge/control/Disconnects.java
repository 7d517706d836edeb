package io.tailrace.edge.control;

import io.tailrace.edge.loop.EdgeLoop;
import io.tailrace.edge.stream.CloseReason;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the streams of this edge that an administrator has named. Thread-safe. */
@Singleton
final class Disconnects {
    private static final Logger LOG = LoggerFactory.getLogger(Disconnects.class);

    /** Streams that an event loop ends in one go, so that it serves the others in between. */
    private static final int AT_A_TIME = 100;

    private final OpenStreams streams;

    Disconnects(OpenStreams streams) {
        this.streams = streams;
    }

    /** Ends the streams that are open here now; each is told {@code stream.closing} with the reason {@code admin}. */
    void make(Disconnect request) {
        List<OpenStream> ended =
                switch (request) {
                    case Disconnect.Connection(String connectionId, String by) -> {
                        OpenStream found = streams.find(connectionId);
                        yield found == null ? List.of() : List.of(found);
                    }
                    case Disconnect.Subject(String subject, String by) -> streams.ofSubject(subject);
                };
        if (!ended.isEmpty()) {
            LOG.info("{} streams of {} are disconnected for {}", ended.size(), request.key(), request.by());
        }
        Map<EdgeLoop, List<OpenStream>> byLoop = ended.stream().collect(Collectors.groupingBy(OpenStream::loop));
        byLoop.forEach(Disconnects::end);
    }

    private static void end(EdgeLoop loop, List<OpenStream> streams) {
        loop.post(
                core -> {
                    int now = Math.min(AT_A_TIME, streams.size());
                    streams.subList(0, now).forEach(open -> core.close(open.stream(), CloseReason.ADMIN));
                    if (now < streams.size()) {
                        // The turn that writes the ends of these comes first.
                        loop.requestTurn();
                        end(loop, streams.subList(now, streams.size()));
                    }
                },
                0);
    }
}
