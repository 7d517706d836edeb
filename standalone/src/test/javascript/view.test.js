import assert from 'node:assert/strict';
import { test } from 'node:test';

import { formatHash, fromDashboard, isView, MOST_METRICS, MOST_PANELS, parseHash, toDashboard, withSharing } from '../../main/resources/dashboard/js/view.js';

const ID = n => `0190f3c2-0000-7000-8000-${String(n).padStart(12, '0')}`;
const view = {
  range: { last: 3_600_000 },
  panels: [{ title: 'A ~ & # "title" ü', metrics: [ID(1), ID(2)], resolution: '10s' }, { title: '', metrics: [], resolution: 'auto' }],
};

test('an address says what is looked at', () => {
  assert.deepEqual(parseHash(formatHash(view)), view);
});

test('an address of times says them', () => {
  const standing = { ...view, range: { from: 1_000_000, to: 2_000_000 } };
  assert.deepEqual(parseHash(formatHash(standing)), standing);
});

test('nothing in the address is the last minutes of nothing', () => {
  assert.deepEqual(parseHash(''), { range: { last: 900_000 }, panels: [] });
});

test('what makes no sense in an address is left out', () => {
  const odd = parseHash(`#range=never&panel=${ID(1)},nonsense,${ID(1)},../../x~never~<b>&dashboard=1&link=${'x'.repeat(101)}&link=a/b`);
  assert.deepEqual(odd, { range: { last: 900_000 }, panels: [{ title: '<b>', metrics: [ID(1)], resolution: 'auto' }] });
});

test('there are no more panels and metrics than the server takes', () => {
  const many = `#${Array.from({ length: 100 }, () => `panel=${Array.from({ length: 20 }, (_, i) => ID(i)).join()}`).join('&')}`;
  const { panels } = parseHash(many);
  assert.equal(panels.length, MOST_PANELS);
  assert.equal(panels[0].metrics.length, MOST_METRICS);
});

test('a stored dashboard is named, and its panels do not stand in the address', () => {
  const hash = formatHash({ ...view, dashboard: ID(9) });
  assert.ok(!hash.includes('panel='));
  assert.equal(parseHash(hash).dashboard, ID(9));
  assert.equal(parseHash(formatHash({ ...view, link: 'a_b-c' })).link, 'a_b-c');
});

test('what is stored comes back', () => {
  assert.deepEqual(fromDashboard(toDashboard(view, 'mine')), view);
  assert.equal(toDashboard(view, 'mine').range, '1h');
  assert.deepEqual(fromDashboard({ range: 'never', panels: [{ metrics: [ID(1)] }] }),
    { range: { last: 900_000 }, panels: [{ title: '', metrics: [ID(1)], resolution: 'auto' }] });
});

test('what the page writes into the address is a view, and the target of a link within the page is none', () => {
  const standing = { from: 1_000_000, to: 2_000_000 };
  for (const each of [view, { ...view, panels: [] }, { ...view, range: standing }, { ...view, dashboard: ID(9) }, { ...view, link: 'a_b-c' }]) {
    assert.ok(isView(formatHash(each)), formatHash(each));
  }
  for (const each of [`#dashboard=${ID(9)}`, '#link=a_b-c', `#panel=${ID(1)}`]) assert.ok(isView(each), each);
  const others = ['', '#', '#main', '#panels', '#range', '#range=never', '#dashboard=1', '#dashboard=1&range=15m', '#link=a/b&range=1h', `#${ID(9)}`, '#%'];
  for (const each of others) assert.ok(!isView(each), each);
});

test('sharing changes nothing else of what is stored', () => {
  const stored = {
    id: ID(9), name: 'House', range: '60m', shared: false, created_at: '2026-01-02T03:04:05Z', changed_at: '2026-01-02T03:04:05Z',
    panels: [{ title: 'Rooms', metrics: [ID(1)], resolution: '10s' }, { title: null, metrics: [] }],
  };
  const panels = [{ title: 'Rooms', metrics: [ID(1)], resolution: '10s' }, { metrics: [], resolution: 'auto' }];
  assert.deepEqual(withSharing(stored, true), { name: 'House', range: '60m', panels, shared: true });
  assert.deepEqual(withSharing({ ...stored, shared: true, link: 'abc' }, false), { name: 'House', range: '60m', panels, shared: false });
});
