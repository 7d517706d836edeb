// The types of the public API. This file holds no code.

/**
 * What a connection is doing. `idle`: nobody wants a channel. `connecting`: a request is on its way. `catching-up`: the server
 * sends what was missed. `live`: everything that was missed is here. `waiting`: the pause before the next attempt. `closed`:
 * ended by `close()`, for good.
 * @typedef {'idle' | 'connecting' | 'catching-up' | 'live' | 'waiting' | 'closed'} State
 */

/**
 * Why the connection is in its state; the README has a line for each.
 * @typedef {'created' | 'subscribed' | 'opened' | 'caught-up' | 'retry' | 'woken' | 'no-channels' | 'closed-by-owner'
 *   | 'network' | 'no-answer' | 'buffered' | 'silent' | 'ended' | 'not-a-stream' | 'frame-too-large' | 'status' | 'rate-limited'
 *   | 'unauthorized' | 'forbidden' | 'token-callback' | 'token-expired' | 'draining' | 'overloaded' | 'admin'
 *   | 'unavailable' | 'too-many-streams' | 'change-lost' | 'channels-refused' | 'invalid-cursor' | 'taken-over' | 'paused'
 *   | 'resumed'} Reason
 */

/**
 * @typedef {object} StateChange
 * @property {State} state
 * @property {State} previous
 * @property {Reason} reason
 * @property {number} [status] the HTTP status of a refusal
 * @property {number} [retryMs] in `waiting`: the pause before the next attempt, in milliseconds
 * @property {unknown} [error] what was thrown, if something was
 * @property {string} [transport] which transport is used
 */

/**
 * An event of a channel.
 * @typedef {object} StreamEvent
 * @property {'event'} kind
 * @property {string} channel
 * @property {string} type
 * @property {string} id the event's own id (UUIDv7)
 * @property {string} time RFC 3339, UTC
 * @property {any} data
 * @property {string | null} cursor the position just after this event
 */

/**
 * Records that were wanted are not coming. `reason` is `retention` (the server no longer has them), `joined-late` (the channel
 * was on the connection already and fewer past events were kept than asked for), `slow-reader` (an iterator's buffer was full), `position-lost` (the server took the
 * channel out of a stream that was resumed, and back in later),
 * `unreadable` (a frame whose data is no JSON; `raw` has it).
 * @typedef {object} Gap
 * @property {'gap'} kind
 * @property {'retention' | 'joined-late' | 'position-lost' | 'slow-reader' | 'unreadable'} reason
 * @property {string[]} channels the channels concerned; empty if that is not known
 * @property {number | null} lost the most that can be missing; null if that is not known
 * @property {string} [raw]
 */

/**
 * The position could not be used; what follows is no continuation.
 * @typedef {object} Reset
 * @property {'reset'} kind
 * @property {string} reason as the server says: `malformed`, `other_generation`, `beyond_end`, `truncated`
 * @property {string[]} channels empty if all are concerned
 */

/** @typedef {StreamEvent | Gap | Reset} Delivery */

/**
 * A channel that is not delivered, and why: `forbidden`, `undeclared`, `invalid`, `too_many_channels`, `conflicting_name`,
 * `access_revoked`, `closed`.
 * @typedef {{channel: string, reason: string}} Refusal
 */

/** @typedef {{channels: string[], refused: Refusal[]}} Outcome */

/**
 * Where a channel begins that has no position yet: `live`, `earliest`, `last:N`; without it as its namespace says.
 * @typedef {string | undefined} Start
 */

/**
 * A frame of the stream. `type` is null where it only moves the position.
 * @typedef {{type: string | null, data: string, id: string | null, retryMs: number | null}} Frame
 */

/**
 * Time and chance, passed in so that tests can say what they are.
 * @typedef {object} Clock
 * @property {() => number} now milliseconds of a clock that never goes back
 * @property {(callback: () => void, ms: number) => any} setTimer
 * @property {(timer: any) => void} clearTimer
 * @property {() => number} random at least 0, less than 1
 */

/**
 * What a transport is asked to open.
 * @typedef {object} StreamRequest
 * @property {string} url the address with its query, without token and cursor
 * @property {string | null} token
 * @property {string | null} cursor
 * @property {Record<string, string>} headers
 * @property {RequestCredentials} credentials
 * @property {Added[]} channels
 */

/** @typedef {{channel: string, start?: string}} Added */

/**
 * What a transport tells. After `refused` or `ended` it says nothing more.
 * @typedef {object} Sink
 * @property {() => void} head the server has answered
 * @property {() => void} alive something arrived, whatever it was
 * @property {(frame: Frame) => void} frame
 * @property {(refusal: {status: number, askedMs: number, problem: any}) => void} refused
 * @property {(reason: Reason, error?: unknown) => void} ended
 */

/**
 * @typedef {object} OpenStream
 * @property {() => void} close
 * @property {(change: {add: Added[], remove: string[]}, token: string | null) => void} [change] changes the channels where there is no
 *   PATCH to be sent
 */

/** @typedef {{name: string, open: (request: StreamRequest, sink: Sink) => OpenStream}} Transport */

/** @typedef {typeof import('./backoff.js').PAUSES} Pauses how long is waited between attempts, in milliseconds */

/**
 * Gives a token. It may be called again at any time; `refused` is a token that the server did not take.
 * @typedef {(why: {refused: string | null}) => (string | null | Promise<string | null>)} TokenCallback
 */

export {};
