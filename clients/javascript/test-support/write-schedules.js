// Writes clients/schedules.json, from which the tests of all clients read: node test-support/write-schedules.js
import { writeFileSync } from 'node:fs';
import { schedule } from './schedules.js';

const all = Array.from({ length: 50 }, (_, i) => JSON.stringify(schedule(i + 1)));
writeFileSync(new URL('../../schedules.json', import.meta.url), `[\n${all.join(',\n')}\n]\n`);
