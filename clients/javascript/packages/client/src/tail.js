// The last events of each channel, for whoever subscribes to a channel that is on the connection already. Bounded by events
// of each channel and by characters of all.

/** The most characters of all channels together that are kept; the channel whose event would be more keeps less. */
export const KEPT_CHARS = 4_000_000;

export class Tail {
  /** @type {Map<string, {event: import('./types.js').StreamEvent, chars: number}[]>} */
  #kept = new Map();
  #chars = 0;
  #perChannel;

  /** @param {number} perChannel how many events of each channel are kept */
  constructor(perChannel) { this.#perChannel = perChannel; }

  /** @param {import('./types.js').StreamEvent} event @param {number} chars */
  keep(event, chars) {
    const kept = this.#kept.get(event.channel) ?? [];
    this.#kept.set(event.channel, kept);
    kept.push({ event, chars });
    this.#chars += chars;
    while (kept.length > this.#perChannel || (this.#chars > KEPT_CHARS && kept.length > 0)) this.#chars -= kept.shift()?.chars ?? 0;
  }

  /** What follows on the channel is no continuation of what is kept. @param {string} channel */
  forget(channel) {
    for (const { chars } of this.#kept.get(channel) ?? []) this.#chars -= chars;
    this.#kept.delete(channel);
  }

  /**
   * @param {string} channel
   * @param {import('./types.js').Start} start
   * @returns {{events: import('./types.js').StreamEvent[], isWhole: boolean}} `isWhole`: nothing of what `start` asks for is missing
   */
  from(channel, start) {
    const kept = this.#kept.get(channel) ?? [];
    const count = start === 'earliest' ? Infinity : Number(/^last:(\d+)$/.exec(start ?? '')?.[1] ?? 0);
    return { events: count > 0 ? kept.slice(-count).map(each => each.event) : [], isWhole: kept.length >= count };
  }
}
