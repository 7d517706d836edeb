import './served.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';

const { hasEnded, NOTHING, passageIn, pieces, shownAfter, sources, stateInWords } = await import('../../main/resources/live/js/answer-view.js');

const CITATIONS = [
  { number: 1, upload: 'u1', name: 'report.pdf', page: 3, text: 'Seats are  sold' },
  { number: 2, upload: 'u2', name: 'plan.txt', page: 1, text: 'Nothing else' },
];
const after = (...events) => events.reduce(shownAfter, NOTHING);
const started = { type: 'answer_started', attempt: 1, model: 'small' };

test('an answer is put together of its events, and its end is told', () => {
  const shown = after(started, { type: 'answer_reasoning', text: 'hm' }, { type: 'answer_delta', text: 'It is ' }, { type: 'answer_delta', text: 'blue' });
  assert.deepEqual([shown.text, shown.reasoning, stateInWords(shown), hasEnded(shown)], ['It is blue', 'hm', 'Answering…', false]);
  const whole = shownAfter(shown, { type: 'answer_completed', finish_reason: 'stop' });
  assert.deepEqual([whole.text, stateInWords(whole), hasEnded(whole), whole.note], ['It is blue', 'Answered.', true, '']);
  assert.match(shownAfter(shown, { type: 'answer_completed', finish_reason: 'length' }).note, /most tokens/);
  const failed = shownAfter(shown, { type: 'answer_failed', reason: 'r', detail: 'The provider is away' });
  assert.deepEqual([failed.text, failed.note, hasEnded(failed)], ['It is blue', 'The provider is away', true]);
  assert.equal(stateInWords(shownAfter(shown, { type: 'answer_cancelled' })), 'Stopped.');
});

test('an attempt that begins anew clears what the one before has said, and a gap is told until then', () => {
  const gap = after(started, { type: 'answer_delta', text: 'wrong' }, { type: 'gap' });
  assert.match(gap.note, /lost/);
  const again = shownAfter(gap, { ...started, attempt: 2 });
  assert.deepEqual([again.text, again.note, stateInWords(again)], ['', '', 'The model begins…']);
  assert.equal(stateInWords(shownAfter(again, { type: 'answer_delta', text: 'right' })), 'Answering, for another time…');
});

test('what it does not know changes nothing', () => {
  const shown = after(started);
  assert.equal(shownAfter(shown, { type: 'answer_usage', usage: {} }), shown);
});

test('citations of passages become pieces of their own, and all other brackets stay text', () => {
  assert.deepEqual(pieces('As [1] says, and [2].', CITATIONS), ['As ', CITATIONS[0], ' says, and ', CITATIONS[1], '.']);
  assert.deepEqual(pieces('[1][2]', CITATIONS), [CITATIONS[0], CITATIONS[1]]);
  assert.deepEqual(pieces('both [1, 2]', CITATIONS), ['both ', CITATIONS[0], CITATIONS[1]]);
  for (const text of ['[3]', '[1, 3]', '[1', 'a[i]', '[]', '[0]', '[1234]', '']) assert.deepEqual(pieces(text, CITATIONS), text ? [text] : [], text);
  // Without uploads the events have none.
  assert.deepEqual(pieces('As [1] says', []), ['As [1] says']);
});

test('the sources are those that the text names while it comes, and those that were used when it is whole', () => {
  const shown = after({ ...started, citations: CITATIONS }, { type: 'answer_delta', text: 'As [2' });
  assert.deepEqual(sources(shown), []);
  const more = shownAfter(shown, { type: 'answer_delta', text: ']' });
  assert.deepEqual(sources(more), [CITATIONS[1]]);
  assert.deepEqual(sources(shownAfter(more, { type: 'answer_completed', citations: [{ number: 1, upload: 'u1', page: 3 }] })), [CITATIONS[0]]);
  assert.deepEqual(sources(shownAfter(more, { type: 'answer_completed' })), [CITATIONS[1]]);
  assert.deepEqual(sources(after(started, { type: 'answer_delta', text: '[1]' }, { type: 'answer_completed' })), []);
});

test('a passage is found on its page whatever its blanks are, and by its first words where its end differs', () => {
  assert.deepEqual(passageIn('Before.\nSeats are\nsold here.', 'Seats are  sold'), ['Before.\n', 'Seats are\nsold', ' here.']);
  assert.deepEqual(passageIn('a b c d e f g h X', 'a b c d e f g h i'), ['', 'a b c d e f g h', ' X']);
  assert.deepEqual(passageIn('what (costs) 5 $ [1]?', '(costs) 5 $ [1]?'), ['what ', '(costs) 5 $ [1]?', '']);
  for (const passage of ['not there', '', '  ', undefined]) assert.equal(passageIn('something else', passage), null);
});
