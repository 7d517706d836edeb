// Chooses the range of time: one that ends now, or one between two times; earlier, later, shorter, longer.

import { say, time } from './make.js';
import * as ranges from './range.js';

const INPUT = '%Y-%m-%dT%H:%M:%S';
const CUSTOM = 'custom';

export class RangeBar {
  #find;
  #now;
  #chosen;
  #range = { last: 900_000 };
  /** The length of what ended now last, to which going live comes back. */
  #liveMs = 900_000;

  /** @param {Document} root @param {() => number} now @param {(range: import('./range.js').Range) => void} chosen */
  constructor(root, now, chosen) {
    this.#find = id => root.querySelector(`#${id}`);
    this.#now = now;
    this.#chosen = chosen;
    const preset = this.#find('preset');
    preset.append(...ranges.PRESETS.map(([text, label]) => new Option(label, text)), new Option('From … to …', CUSTOM));
    preset.addEventListener('change', () => {
      if (preset.value === CUSTOM) this.#askForTimes();
      else this.#chosen(ranges.parseRange(preset.value));
    });
    this.#find('between').addEventListener('submit', submitted => {
      submitted.preventDefault();
      this.#taken();
    });
    const on = (id, act) => this.#find(id).addEventListener('click', act);
    on('earlier', () => this.#chosen(ranges.pan(this.#range, now(), -0.5)));
    on('later', () => this.#chosen(ranges.pan(this.#range, now(), 0.5)));
    on('zoom-in', () => this.#chosen(ranges.zoom(this.#range, now(), 0.5)));
    on('zoom-out', () => this.#chosen(ranges.zoom(this.#range, now(), 2)));
    on('go-live', () => this.goLive());
  }

  goLive() { this.#chosen({ last: this.#liveMs }); }

  /** @param {import('./range.js').Range} range */
  show(range) {
    this.#range = range;
    const live = ranges.isLive(range);
    if (live) this.#liveMs = range.last;
    const preset = this.#find('preset');
    const text = ranges.formatRange(range);
    [...preset.options].filter(option => option.dataset.own).forEach(option => option.remove());
    if (live && ![...preset.options].some(({ value }) => ranges.parseRange(value)?.last === range.last)) {
      const own = new Option(`Last ${text}`, text);
      own.dataset.own = 'true';
      preset.prepend(own);
    }
    preset.value = live ? [...preset.options].find(({ value }) => ranges.parseRange(value)?.last === range.last).value : CUSTOM;
    this.#find('between').hidden = live;
    this.#find('go-live').disabled = live;
    this.#find('later').disabled = live;
    this.#fill();
    say(this.#find('range-words'), live ? 'The range ends now and moves on.' : `From ${time(range.from)} to ${time(range.to)}.`);
    say(this.#find('range-fault'), '');
  }

  #askForTimes() {
    this.#find('between').hidden = false;
    this.#fill();
    this.#find('from').focus();
  }

  #fill() {
    const { from, to } = ranges.bounds(this.#range, this.#now());
    const format = d3.timeFormat(INPUT);
    this.#find('from').value = format(new Date(from));
    this.#find('to').value = format(new Date(to));
  }

  #taken() {
    const [from, to] = ['from', 'to'].map(id => Date.parse(this.#find(id).value));
    const range = Number.isNaN(to - from) ? null : ranges.parseRange(ranges.formatRange({ from, to }));
    say(this.#find('range-fault'), range ? '' : 'The end has to be ten seconds to ten years after the beginning.');
    if (range) this.#chosen(range);
  }
}
