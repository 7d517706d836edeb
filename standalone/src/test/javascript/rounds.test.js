import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Rounds } from '../../main/resources/dashboard/js/rounds.js';

test('what does not begin, and what ends soon after it has begun, is counted', () => {
  const rounds = new Rounds();
  assert.equal(rounds.ended(1_000), 1);
  rounds.follows(2_000);
  assert.equal(rounds.ended(2_001), 2);
  rounds.follows(3_000);
  assert.equal(rounds.ended(32_999), 3);
  assert.equal(rounds.ended(90_000), 4, 'the time in which nothing had begun does not count');
});

test('what has lasted begins the count anew', () => {
  const rounds = new Rounds();
  rounds.ended(0);
  rounds.ended(0);
  rounds.follows(1_000);
  assert.equal(rounds.ended(31_000), 1);
  assert.equal(rounds.ended(31_000), 2);
});
