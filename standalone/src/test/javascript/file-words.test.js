import './served.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';

const { counted, phaseInWords, reasonInWords, share, size } = await import('../../main/resources/live/js/file-words.js');

test('sizes have the unit that people read', () => {
  const expected = { 0: '0 bytes', 1023: '1023 bytes', 1024: '1.0 KiB', 15_000: '15 KiB', 5_000_000: '4.8 MiB', 104_857_600: '100 MiB', 10_737_418_240: '10 GiB' };
  for (const [bytes, words] of Object.entries(expected)) assert.equal(size(Number(bytes)), words);
});

test('each phase of a file has its words and its bar', () => {
  const file = { size: 2048, name: 'a' };
  const phases = [
    [{ phase: 'waiting' }, 'waits, 2.0 KiB', 0],
    [{ phase: 'sending', sent: 1024 }, '1.0 KiB of 2.0 KiB sent', 0.5],
    [{ phase: 'unfinished' }, 'not whole yet, 2.0 KiB. Choose the same file to go on', undefined],
    [{ phase: 'stored' }, '2.0 KiB, stored', undefined],
    [{ phase: 'reading' }, 'its text is being read', null],
    [{ phase: 'reading', pages: 2, of: null }, 'reading, page 2', null],
    [{ phase: 'reading', pages: 2, of: 4 }, 'reading, page 2 of 4', 0.5],
    [{ phase: 'ready', upload: { pages: 1 } }, '2.0 KiB, 1 page, ready', undefined],
    [{ phase: 'ready', upload: { pages: 1200 } }, '2.0 KiB, 1,200 pages, ready', undefined],
    [{ phase: 'failed', upload: { reason: 'encrypted' } }, '2.0 KiB, stored without text: it needs a password', undefined],
    [{ phase: 'refused', fault: 'too large' }, 'too large', undefined],
  ];
  for (const [item, words, part] of phases) assert.deepEqual([phaseInWords({ ...file, ...item }), share({ ...file, ...item })], [words, part]);
  assert.equal(share({ phase: 'sending', size: 0 }), 0);
});

test('a reason that a newer server gives is shown as it is', () => {
  assert.equal(reasonInWords('something_new'), 'something new');
  assert.equal(counted(1, 'file'), '1 file');
  assert.equal(counted(0, 'file'), '0 files');
});
