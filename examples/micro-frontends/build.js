// Builds the page, and each micro frontend by itself into a folder below it, as teams do that deploy on their own: they share
// neither a bundle nor React, and all the same one connection.

import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const here = name => fileURLToPath(new URL(name, import.meta.url));

await build({ root: here('.'), logLevel: 'warn' });
for (const name of ['logs-react', 'workflow-monitor', 'dashboard']) {
  await build({ root: here(`../${name}`), logLevel: 'warn', build: { outDir: here(`dist/${name}`), emptyOutDir: true } });
}
