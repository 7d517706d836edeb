// Text as people write it: some words everywhere, most words rarely. An index of one sentence a thousand times over has
// nothing to choose from, so every search of it would have to rank every document.

const syllables = ['ba', 'co', 'di', 'fu', 'ga', 'he', 'ki', 'lo', 'mu', 'na', 'pe', 'ro', 'su', 'ta', 've', 'zi'];
const vocabulary = 4096;

/** A word by Zipf's law: that of rank n comes about 1/n as often as the first, which is one in twelve. */
export function anyWord() {
  const rank = Math.floor(Math.exp(Math.random() * Math.log(vocabulary + 1))) - 1;
  return syllables[rank % 16] + syllables[Math.floor(rank / 16) % 16] + syllables[Math.min(15, Math.floor(rank / 256))];
}

/** Some words, with spaces between them. */
export function words(amount) {
  return Array.from({ length: amount }, anyWord).join(' ');
}
