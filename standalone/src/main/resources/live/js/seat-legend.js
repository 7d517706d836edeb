// What the marks mean, and how many seats of each there are.

import { drawSeat } from './seat-map.js';
import { LOOKS } from './seat-words.js';

export class SeatLegend {
  #counts = {};

  constructor(list) {
    for (const [look, words] of Object.entries(LOOKS)) {
      const item = document.createElement('li');
      const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
      svg.setAttribute('viewBox', '-10 -10 20 20');
      svg.setAttribute('aria-hidden', 'true');
      svg.append(drawSeat(look));
      const count = document.createElement('b');
      item.append(svg, `${words} `, count);
      list.append(item);
      this.#counts[look] = count;
    }
  }

  show(counts) {
    for (const [look, node] of Object.entries(this.#counts)) node.textContent = String(counts[look] ?? 0);
  }
}
