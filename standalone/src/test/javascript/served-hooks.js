const RESOURCES = new URL('../../main/resources/', import.meta.url).href;
const CLIENT = new URL('../../../../clients/javascript/packages/client/src/', import.meta.url).href;

/** Paths from the root are those of the pages, and the client is served below the live page. */
export function resolve(specifier, context, next) {
  const isServed = /^\/(live|dashboard|console)\//.test(specifier);
  const url = isServed ? `${RESOURCES}${specifier.slice(1)}` : specifier.startsWith('.') ? new URL(specifier, context.parentURL).href : specifier;
  return next(url.replace(`${RESOURCES}live/client/`, CLIENT), context);
}
