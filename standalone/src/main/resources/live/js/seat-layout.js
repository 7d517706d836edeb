// Where the seats of a show are drawn, and which one an arrow key leads to. Pure.

const PITCH = 24;
const AISLE = 20;
const AISLE_FROM = 12;
const MARGIN = 46;
const STAGE = 58;
const TITLE = 24;
const SECTION_GAP = 20;

/** More than this are not drawn: a browser gets slow, and nobody finds a seat in it. */
export const MAX_DRAWN = 2000;

/**
 * @param {{name: string, rows: number, seats_per_row: number, price: number}[]} sections
 * @returns {{width: number, height: number, total: number, blocks: object[], rows: object[], seats: Map<string, object>}}
 */
export function layOut(sections, limit = MAX_DRAWN) {
  const drawn = sections.map(s => ({ ...s, perRow: Math.min(s.seats_per_row, limit) }));
  const width = Math.max(...drawn.map(s => span(s.perRow))) + PITCH + 2 * MARGIN;
  const layout = {
    width, height: 0, blocks: [], rows: [], seats: new Map(),
    total: sections.reduce((sum, s) => sum + s.rows * s.seats_per_row, 0),
  };
  let y = STAGE;
  for (const section of drawn) {
    if (layout.seats.size + section.perRow > limit) break;
    const block = { name: section.name, price: section.price, y: y + TITLE / 2, rows: [] };
    y += TITLE + PITCH / 2;
    for (let row = 1; row <= section.rows && layout.seats.size + section.perRow <= limit; row++) {
      block.rows.push(rowOf(layout, section, row, y));
      y += PITCH;
    }
    layout.blocks.push(block);
    y += SECTION_GAP - PITCH / 2;
  }
  layout.height = y;
  return layout;
}

/** The seat that a key leads to from another one; the same one at an edge, null for other keys. */
export function seatAfter(layout, id, key, toTheEnd = false) {
  const from = layout.seats.get(id);
  const row = layout.rows[from.rowIndex].seats;
  switch (key) {
    case 'ArrowLeft': return (row[from.place - 1] ?? from).id;
    case 'ArrowRight': return (row[from.place + 1] ?? from).id;
    case 'ArrowUp': return nearest(layout.rows[from.rowIndex - 1], from).id;
    case 'ArrowDown': return nearest(layout.rows[from.rowIndex + 1], from).id;
    case 'Home': return (toTheEnd ? layout.rows[0].seats[0] : row[0]).id;
    case 'End': return (toTheEnd ? layout.rows.at(-1).seats.at(-1) : row.at(-1)).id;
    default: return null;
  }
}

function rowOf(layout, section, row, y) {
  const rowIndex = layout.rows.length;
  const left = (layout.width - span(section.perRow)) / 2;
  const seats = [];
  for (let place = 0; place < section.perRow; place++) {
    const seat = { id: `${section.name}-${row}-${place + 1}`, rowIndex, place, x: left + offset(place, section.perRow), y };
    seats.push(seat);
    layout.seats.set(seat.id, seat);
  }
  const made = { row, y, left, right: left + span(section.perRow), seats };
  layout.rows.push(made);
  return made;
}

function offset(place, perRow) {
  return place * PITCH + (perRow >= AISLE_FROM && place >= perRow / 2 ? AISLE : 0);
}

function span(perRow) {
  return offset(perRow - 1, perRow);
}

function nearest(row, from) {
  if (!row) return from;
  return row.seats.reduce((best, seat) => (Math.abs(seat.x - from.x) < Math.abs(best.x - from.x) ? seat : best));
}
