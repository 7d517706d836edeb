import { act, createElement } from 'react';
import { createRoot } from 'react-dom/client';

globalThis.IS_REACT_ACT_ENVIRONMENT = true;
/** @type {{root: any, box: HTMLElement}[]} */
const mounted = [];

/** Puts elements into the page. */
export async function render(element) {
  const box = document.body.appendChild(document.createElement('div'));
  const root = createRoot(box);
  mounted.push({ root, box });
  await act(async () => { root.render(element); });
  return { box, update: next => act(async () => { root.render(next); }), unmount: () => act(async () => { root.unmount(); }) };
}

export async function cleanUp() {
  for (const { root, box } of mounted.splice(0)) {
    await act(async () => { root.unmount(); });
    box.remove();
  }
}

/** Waits until something holds. */
export async function until(holds, what = String(holds)) {
  const end = performance.now() + 30_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`not in time: ${what}`);
    await act(async () => { await new Promise(resolve => { setTimeout(resolve, 5); }); });
  }
}

export const h = createElement;
