package io.tailrace.edge.loop;

import io.netty.channel.EventLoop;
import io.tailrace.edge.EdgeSettings;
import io.tailrace.edge.log.Tailer;
import io.tailrace.edge.replay.ReplayReader;
import io.tailrace.edge.stream.LoopStats;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;

/** The event loops that have had a stream. One is added when its first stream opens. Thread-safe. */
@Singleton
public final class EdgeLoops {
    private final EdgeSettings settings;
    private final EdgeSettings.Tail tail;
    private final EdgeSettings.Stream stream;
    private final Tailer tailer;
    private final ReplayReader replay;
    private final Map<EventLoop, EdgeLoop> byExecutor = new ConcurrentHashMap<>();
    private final List<EdgeLoop> all = new CopyOnWriteArrayList<>();

    /** No loops yet. */
    public EdgeLoops(
            EdgeSettings settings,
            EdgeSettings.Tail tail,
            EdgeSettings.Stream stream,
            Tailer tailer,
            ReplayReader replay) {
        this.settings = settings;
        this.tail = tail;
        this.stream = stream;
        this.tailer = tailer;
        this.replay = replay;
    }

    /** The streams of an event loop. */
    public EdgeLoop of(EventLoop executor) {
        EdgeLoop known = byExecutor.get(executor);
        return known == null ? add(executor) : known;
    }

    /** All of them. */
    public List<EdgeLoop> all() {
        return all;
    }

    /** The counts of those that have ticked. */
    public List<LoopStats> stats() {
        return all.stream().map(EdgeLoop::stats).filter(Objects::nonNull).toList();
    }

    private synchronized EdgeLoop add(EventLoop executor) {
        EdgeLoop known = byExecutor.get(executor);
        if (known != null) {
            return known;
        }
        EdgeLoop added = new EdgeLoop(
                all.size(),
                executor,
                stream.loop(tail, settings.maxChannels()),
                loop -> new LoopLog(loop, tailer, replay),
                RandomGenerator.getDefault());
        all.add(added);
        byExecutor.put(executor, added);
        added.start(stream.tick());
        return added;
    }
}
