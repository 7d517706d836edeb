package io.tailrace.standalone.supervision;

import io.tailrace.standalone.supervision.PartState.BackingOff;
import io.tailrace.standalone.supervision.PartState.Failed;
import io.tailrace.standalone.supervision.PartState.Ready;
import io.tailrace.standalone.supervision.PartState.Starting;
import io.tailrace.standalone.supervision.PartState.Stopped;
import io.tailrace.standalone.supervision.PartState.Stopping;
import io.tailrace.standalone.supervision.PartState.Waiting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Decides from the states of all parts and the time. Immutable.
 *
 * @param parts the parts, each after those that it needs
 * @param backoff how long to wait before a part is started again
 */
public record Supervision(List<Part> parts, Backoff backoff) {
    /** Checks that every part comes after what it needs, so that there is no circle. */
    public Supervision {
        parts = List.copyOf(parts);
        List<String> names = parts.stream().map(Part::name).toList();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            if (names.indexOf(part.name()) != i) {
                throw new IllegalArgumentException("two parts are named " + part.name());
            }
            for (String need : part.needs()) {
                if (names.indexOf(need) >= i) {
                    throw new IllegalArgumentException(part.name() + " needs " + need + ", which comes after it");
                }
            }
        }
    }

    /** The states before anything is started. */
    public Map<String, PartState> initial() {
        Map<String, PartState> states = new LinkedHashMap<>();
        parts.forEach(part -> states.put(part.name(), new Waiting()));
        return states;
    }

    /** What to do now so that everything comes up and stays up. At most one action for each part. */
    public List<Action> towardsUp(Map<String, PartState> states, long nowMs) {
        List<Action> actions = new ArrayList<>();
        for (Part part : parts) {
            switch (state(states, part.name())) {
                case Waiting waiting -> {
                    if (needsAreReady(part, states)) {
                        actions.add(new Action.Start(part.name(), waiting.start(nowMs)));
                    }
                }
                case BackingOff backingOff -> {
                    if (nowMs >= backingOff.untilMs() && needsAreReady(part, states)) {
                        actions.add(new Action.Start(part.name(), backingOff.start(nowMs)));
                    }
                }
                case Starting starting -> {
                    if (nowMs - starting.sinceMs() >= part.startLimitMs()) {
                        String reason = "did not come up within " + part.startLimitMs() / 1000 + " s";
                        actions.add(new Action.GiveUp(part.name(), starting.ended(nowMs, reason, backoff), reason));
                    }
                }
                case Ready _, Failed _, Stopping _, Stopped _ -> {}
            }
        }
        return actions;
    }

    /** What to do now so that everything ends: each part after those that need it. At most one action for each part. */
    public List<Action> towardsDown(Map<String, PartState> states, long nowMs) {
        List<Action> actions = new ArrayList<>();
        for (Part part : parts.reversed()) {
            PartState state = state(states, part.name());
            switch (state) {
                case Waiting _, BackingOff _, Failed _ ->
                    actions.add(new Action.MarkStopped(part.name(), new Stopped(state.restarts())));
                case Starting _, Ready _ -> {
                    if (nobodyNeeds(part, states)) {
                        actions.add(new Action.Stop(part.name(), new Stopping(nowMs, false, state.restarts())));
                    }
                }
                case Stopping stopping -> {
                    if (!stopping.killed() && nowMs - stopping.sinceMs() >= part.stopLimitMs()) {
                        actions.add(new Action.Kill(part.name(), new Stopping(nowMs, true, stopping.restarts())));
                    }
                }
                case Stopped _ -> {}
            }
        }
        return actions;
    }

    /** Whether every part is ready. */
    public boolean allReady(Map<String, PartState> states) {
        return parts.stream().allMatch(part -> state(states, part.name()) instanceof Ready);
    }

    /** Whether every part is stopped. */
    public boolean allStopped(Map<String, PartState> states) {
        return parts.stream().allMatch(part -> state(states, part.name()) instanceof Stopped);
    }

    /** The first part that could not be started. */
    public Optional<String> failed(Map<String, PartState> states) {
        return parts.stream()
                .map(Part::name)
                .filter(name -> state(states, name) instanceof Failed)
                .findFirst();
    }

    /** When, after now, to decide again if nothing happens before; empty if only an event can change the decision. */
    public OptionalLong nextDecisionMs(Map<String, PartState> states, long nowMs) {
        return parts.stream()
                .flatMap(part -> switch (state(states, part.name())) {
                    case BackingOff backingOff -> Optional.of(backingOff.untilMs()).stream();
                    case Starting starting -> Optional.of(starting.sinceMs() + part.startLimitMs()).stream();
                    case Stopping stopping -> Optional.of(stopping.sinceMs() + part.stopLimitMs()).stream();
                    case Waiting _, Ready _, Failed _, Stopped _ -> Optional.<Long>empty().stream();
                })
                .mapToLong(Long::longValue)
                .filter(atMs -> atMs > nowMs)
                .min();
    }

    private boolean needsAreReady(Part part, Map<String, PartState> states) {
        return part.needs().stream().filter(states::containsKey).allMatch(need -> state(states, need) instanceof Ready);
    }

    private boolean nobodyNeeds(Part part, Map<String, PartState> states) {
        return parts.stream()
                .filter(other ->
                        other.needs().contains(part.name()) || other.uses().contains(part.name()))
                .allMatch(other -> switch (state(states, other.name())) {
                    case Waiting _, Stopped _, Failed _, BackingOff _ -> true;
                    case Starting _, Ready _, Stopping _ -> false;
                });
    }

    private static PartState state(Map<String, PartState> states, String name) {
        PartState state = states.get(name);
        if (state == null) {
            throw new IllegalArgumentException("part " + name + " has no state");
        }
        return state;
    }
}
