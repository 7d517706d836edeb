package io.tailrace.projections.seat;

import io.lettuce.core.ScriptOutputType;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.seat.SeatMapKeys;
import io.tailrace.kit.consume.Source;
import io.tailrace.kit.redis.RedisLink;
import io.tailrace.kit.redis.RedisScript;
import io.tailrace.projections.position.Application;
import io.tailrace.projections.position.Move;
import io.tailrace.projections.position.Position;
import io.tailrace.projections.position.Positions;
import io.tailrace.projections.position.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The seat maps in Redis; see {@link SeatMapKeys}. Each partition is applied by one script, which does nothing unless the
 * partition is at the offset that the batch begins at, so that nothing is applied twice or out of order, whoever writes.
 * What Redis has lost, wholly or in part, is made again from offset zero; until that has come near the log's end, readers
 * do not use it. Thread-safe.
 */
public final class SeatMapStore implements Store<SeatsChange> {
    private static final RedisScript APPLY = RedisScript.load(SeatMapStore.class, "apply.lua");
    private static final RedisScript BEGIN = RedisScript.load(SeatMapStore.class, "begin.lua");
    private static final RedisScript CHECK = RedisScript.load(SeatMapStore.class, "check.lua");
    private static final RedisScript FORGET = RedisScript.load(SeatMapStore.class, "forget.lua");

    /** So many records behind the log's end, a copy is worth reading. */
    private static final long NEAR_RECORDS = 1000;

    private static final String FREE = "";

    private final RedisLink redis;
    private final long checkIntervalNs;
    private final Map<Integer, Long> next = new ConcurrentHashMap<>();
    private final Map<Integer, Long> checkedNs = new ConcurrentHashMap<>();

    /**
     * A store.
     *
     * @param checkIntervalMs how often to look whether Redis still has what was written, in milliseconds
     */
    public SeatMapStore(RedisLink redis, long checkIntervalMs) {
        this.redis = redis;
        this.checkIntervalNs = checkIntervalMs * 1_000_000;
    }

    @Override
    public Positions positions(Source source) {
        return begin(source, false);
    }

    @Override
    public void rebuild(Source source) {
        var unused = begin(source, true);
    }

    private Positions begin(Source source, boolean anew) {
        Map<Integer, Position> positions = new HashMap<>();
        boolean replaced = false;
        for (int partition = 0; partition < source.partitions(); partition++) {
            List<Object> answer = BEGIN.run(
                    redis,
                    ScriptOutputType.MULTI,
                    List.of(SeatMapKeys.partition(partition)),
                    List.of(source.generation(), anew ? "1" : "0"));
            Position position = new Position(
                    Long.parseLong(String.valueOf(answer.get(0))), Integer.parseInt(String.valueOf(answer.get(1))));
            positions.put(partition, position);
            next.put(partition, position.nextOffset());
            checkedNs.remove(partition);
            replaced |= String.valueOf(answer.get(2)).equals("1");
        }
        return new Positions(positions, replaced);
    }

    @Override
    public Application apply(Source source, List<Move> moves, List<SeatsChange> changes) {
        Map<Integer, Map<UUID, Map<String, String>>> byPartition = byPartition(source, changes);
        for (Move move : moves) {
            if (!apply(source, move, byPartition.getOrDefault(move.partition(), Map.of()))) {
                // Partitions that were applied before have moved on; the positions are read again from Redis.
                return new Application.Fenced();
            }
            next.put(move.partition(), move.to());
        }
        return new Application.Applied();
    }

    private boolean apply(Source source, Move move, Map<UUID, Map<String, String>> shows) {
        List<String> keys = new ArrayList<>();
        keys.add(SeatMapKeys.partition(move.partition()));
        List<String> arguments = new ArrayList<>();
        arguments.add(source.generation());
        arguments.add(Long.toString(move.from()));
        arguments.add(Long.toString(move.to()));
        arguments.add(Integer.toString(move.leaderEpoch()));
        shows.forEach((show, seats) -> {
            keys.add(SeatMapKeys.show(move.partition(), show));
            arguments.add(SeatMapKeys.mark(show));
            arguments.add(Integer.toString(seats.size()));
            seats.forEach((seat, state) -> {
                arguments.add(seat);
                arguments.add(state);
            });
        });
        Long applied = APPLY.run(redis, ScriptOutputType.INTEGER, keys, arguments);
        return applied == 1;
    }

    /** What a batch leaves behind: by partition and show, the last state of each seat. */
    private static Map<Integer, Map<UUID, Map<String, String>>> byPartition(Source source, List<SeatsChange> changes) {
        Map<Integer, Map<UUID, Map<String, String>>> byPartition = new HashMap<>();
        for (SeatsChange change : changes) {
            String state =
                    switch (change) {
                        case SeatsChange.Taken taken -> taken.state();
                        case SeatsChange.Freed freed -> FREE;
                    };
            int partition = new Channel("show:" + change.showId()).partition(source.partitions());
            Map<String, String> seats = byPartition
                    .computeIfAbsent(partition, p -> new LinkedHashMap<>())
                    .computeIfAbsent(change.showId(), show -> new LinkedHashMap<>());
            change.seats().forEach(seat -> seats.put(seat, state));
        }
        return byPartition;
    }

    /**
     * Forgets the seats of a show that nobody may ask for any more. Were a seat of it to change later, its map would begin with
     * that change.
     *
     * @param partitions of the topic of the channels of shows
     * @return whether there was something to forget
     * @throws io.tailrace.kit.redis.RedisAway if Redis is away
     */
    public static boolean forget(RedisLink redis, UUID showId, int partitions) {
        int partition = new Channel("show:" + showId).partition(partitions);
        Long forgotten = FORGET.run(
                redis,
                ScriptOutputType.INTEGER,
                List.of(SeatMapKeys.partition(partition), SeatMapKeys.show(partition, showId)),
                List.of(SeatMapKeys.mark(showId)));
        return forgotten == 1;
    }

    @Override
    public boolean behind(Source source, Map<Integer, Long> lags) {
        boolean sound = true;
        for (Map.Entry<Integer, Long> lag : lags.entrySet()) {
            Long position = next.get(lag.getKey());
            Long checked = checkedNs.get(lag.getKey());
            if (position == null || checked != null && System.nanoTime() - checked < checkIntervalNs) {
                continue;
            }
            Long there = CHECK.run(
                    redis,
                    ScriptOutputType.INTEGER,
                    List.of(SeatMapKeys.partition(lag.getKey())),
                    List.of(source.generation(), Long.toString(position), lag.getValue() <= NEAR_RECORDS ? "1" : "0"));
            checkedNs.put(lag.getKey(), System.nanoTime());
            sound &= there == 1;
        }
        return sound;
    }
}
