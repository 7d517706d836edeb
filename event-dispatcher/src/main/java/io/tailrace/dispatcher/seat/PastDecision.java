package io.tailrace.dispatcher.seat;

import io.tailrace.contracts.seat.CommandFingerprint;
import io.tailrace.contracts.seat.SeatDecision;

/**
 * A decision, with what it takes to know the repetition of its command.
 *
 * @param decision names the command
 * @param fingerprint {@link CommandFingerprint} of the command
 */
public record PastDecision(SeatDecision decision, long fingerprint) {}
