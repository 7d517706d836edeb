// What the pages know of themselves.

/** The token of whoever looks at the page. It is asked for again when it has ended. */
export async function fetchToken() {
  const answer = await fetch('/token');
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}

/**
 * What the address of the page asks for.
 * @param {Record<string, string>} defaults
 * @returns {Record<string, string>} `defaults`, and in their place what the address has of the same names
 */
export function ofAddress(defaults) {
  const query = new URLSearchParams(location.search);
  return Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, query.get(name) || value]));
}
