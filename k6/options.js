// What all scripts share: where, how much, and what counts as good. Everything is set by -e NAME=VALUE.

/** A number from the environment. */
export function number(name, otherwise) {
  const text = __ENV[name];
  if (text === undefined || text === '') return otherwise;
  const value = Number(text);
  if (!Number.isFinite(value)) throw new Error(`${name}=${text}: expected a number`);
  return value;
}

/** A token that a script cannot do without. */
export function token(name, how) {
  if (!__ENV[name]) throw new Error(`${name} is not set: -e ${name}=$(./tailrace token ${how})`);
  return __ENV[name];
}

export const origin = __ENV.ORIGIN || 'http://localhost:8080';
export const duration = __ENV.DURATION || '10m';

// The bars. A deployment that is larger or farther away has others.
const writeMs = number('WRITE_P95_MS', 150);
const readMs = number('READ_P95_MS', 300);
const deliveryMs = number('DELIVERY_P95_MS', 500);

// Anything of the server's own making: 5xx, or no answer at all.
const faults = { server_faults: ['count==0'] };
// And an answer that was not the promised one.
const common = { ...faults, checks: ['rate>0.999'] };

export const thresholds = {
  smoke: { ...common, checks: ['rate==1'] },
  load: {
    ...common,
    // k6 could not send as much as it was told to: then the other figures are k6's and not the server's.
    'dropped_iterations{phase:load}': ['count==0'],
    limited: ['count==0'],
    // Faults count while it warms up, too; times do not.
    'http_req_duration{kind:write,phase:load}': [`p(95)<${writeMs}`],
    'http_req_duration{kind:read,phase:load}': [`p(95)<${readMs}`],
    'http_req_duration{kind:search,phase:load}': [`p(95)<${readMs}`],
    'http_req_duration{kind:seat,phase:load}': [`p(95)<${readMs}`],
  },
  sse: {
    ...faults,
    // The promise: nothing missing, nothing twice, whatever was cut.
    events_missing: ['count==0'],
    events_repeated: ['count==0'],
    gaps_announced: ['count==0'],
    streams_refused: ['count==0'],
    events_received: ['count>0'],
    delivery_ms: [`p(95)<${deliveryMs}`],
  },
  seats: {
    ...common,
    'http_req_duration{kind:seat}': [`p(95)<${number('SEAT_P95_MS', 500)}`],
    seats_held: ['count>0'],
    // What buyers were told and what the map says, less each other.
    seats_unaccounted: ['count==0'],
  },
};

/** So that percentiles of interest are printed. */
export const summaryTrendStats = ['avg', 'med', 'p(95)', 'p(99)', 'max', 'count'];
