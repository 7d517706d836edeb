// Writes clients/schedules.json, from which the tests of all clients read: node test-support/write-schedules.js
// With a number it writes as many others to the standard output: node test-support/write-schedules.js 1000
import { writeFileSync } from 'node:fs';
import { schedule } from './schedules.js';

const count = Number(process.argv[2] ?? 0);
const all = Array.from({ length: count || 100 }, (_, i) => JSON.stringify(schedule(i + (count ? 1001 : 1))));
const text = `[\n${all.join(',\n')}\n]\n`;
if (count) process.stdout.write(text);
else writeFileSync(new URL('../../schedules.json', import.meta.url), text);
