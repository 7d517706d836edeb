// What the seat map says: names, labels, outcomes and faults in words. Pure.

/** How seats can look, in the order of the legend. */
export const LOOKS = {
  free: 'free',
  chosen: 'chosen by you',
  asked: 'asked for by you, not decided yet',
  'held-by-me': 'held by you',
  mine: 'bought by you',
  held: 'held by somebody else',
  sold: 'sold',
};

const FAULTS = {
  'seats-not-free': p => `Somebody was faster: ${seatNames(p.seats)} ${p.seats.length === 1 ? 'is' : 'are'} taken. Nothing is held.`,
  'too-many-seats': () => 'That is more than one person may have of this show. Nothing is held.',
  'show-started': () => 'This show has begun: its seats can no longer be had.',
  'reservation-expired': () => 'The time ran out before: these seats are no longer held for you.',
  'already-confirmed': () => 'These seats are yours already.',
  'already-released': () => 'These seats were given back already.',
  'unknown-seats': () => 'This show has no such seats.',
  unauthorized: () => 'Sign in again to go on.',
};

const REASONS = {
  not_free: 'seats-not-free', too_many_seats: 'too-many-seats', show_started: 'show-started', expired: 'reservation-expired',
  already_confirmed: 'already-confirmed', already_released: 'already-released', unknown_seats: 'unknown-seats',
};

/** "Stalls row 3 seat 7" */
export function seatName(id) {
  const [section, row, number] = id.split('-');
  return `${section} row ${row} seat ${number}`;
}

/** "Stalls row 3 seats 7, 8; Balcony row 1 seat 2" */
export function seatNames(ids) {
  const rows = new Map();
  for (const id of ids) {
    const [section, row, number] = id.split('-');
    const name = `${section} row ${row}`;
    rows.set(name, [...(rows.get(name) ?? []), number]);
  }
  return [...rows].map(([name, seats]) => `${name} seat${seats.length === 1 ? '' : 's'} ${seats.join(', ')}`).join('; ');
}

/** The accessible name of a seat. */
export function seatLabel(id, look) {
  return `${seatName(id)}, ${LOOKS[look]}`;
}

/** A reservation's news. */
export function outcome(reservation) {
  const seats = seatNames(reservation.seats);
  switch (reservation.state) {
    case 'pending': return `Not decided yet: ${seats}. The answer will come by itself.`;
    case 'held': return `Held for you: ${seats}.`;
    case 'confirmed': return `Bought: ${seats}.`;
    case 'released': return `Given back: ${seats}.`;
    case 'expired': return `The time ran out, no longer held for you: ${seats}.`;
    case 'refused': return faultOf({ slug: REASONS[reservation.reason], seats: reservation.seats });
    default: return '';
  }
}

/** A refusal in words: of an answer (a Problem), of one's own channel, or no answer at all. */
export function faultOf(fault) {
  const known = FAULTS[fault.slug];
  if (known) return known(fault);
  if (fault.status === undefined || fault.status >= 500) {
    return 'There was no clear answer. If it was done all the same, it will show here by itself.';
  }
  return fault.message;
}

/** A refusal as one's own channel tells it. */
export function refusal(decision) {
  return faultOf({ slug: REASONS[decision.reason], seats: decision.seats, status: 409, message: decision.reason });
}

/** "4:05" */
export function countdown(ms) {
  const seconds = Math.ceil(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** "2 seats" */
export function seatCount(count) {
  return `${count} seat${count === 1 ? '' : 's'}`;
}

/** A show in a list. */
export function showTitle(show) {
  const starts = new Date(show.starts_at);
  const when = starts.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  return `${show.name} · ${when}`;
}
