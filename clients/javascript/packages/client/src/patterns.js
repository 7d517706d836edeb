// Patterns of channels and of event types: '*' is one part of a channel (or any characters of a type), '**' the rest. Pure.

/** @type {Map<string, RegExp>} */
const compiled = new Map();
const MAX_COMPILED = 500;

/**
 * @param {string} pattern
 * @param {string} text
 */
export function matches(pattern, text) {
  if (pattern === text || pattern === '**') return true;
  if (!pattern.includes('*')) return false;
  let expression = compiled.get(pattern);
  if (!expression) {
    const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*\*|\*/g, star => (star === '**' ? '.+' : '[^:]*'));
    expression = new RegExp(`^${source}$`, 's');
    if (compiled.size >= MAX_COMPILED) compiled.clear();
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}
