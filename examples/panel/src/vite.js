// How the React examples are built and served: a page of their own, a module for whoever mounts them on another page, and
// Tailrace below /api of the same origin, as a proxy in front of an application has it.

import react from '@vitejs/plugin-react';

const { TAILRACE_URL = 'http://localhost:8080', TAILRACE_TOKEN = '' } = process.env;
const PREFIX = '/api';

/**
 * Answers /token with TAILRACE_TOKEN, to whoever can reach this server. The server of a real application gives to each
 * person who is signed in a token of their own.
 * @returns {import('vite').Plugin}
 */
function tokenOfThisMachine() {
  const serve = ({ middlewares }) => {
    middlewares.use('/token', (_, response) => {
      response.writeHead(TAILRACE_TOKEN ? 200 : 404, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
      response.end(TAILRACE_TOKEN || 'TAILRACE_TOKEN is not set: start the example with examples/run.sh');
    });
  };
  return { name: 'token-of-this-machine', configureServer: serve, configurePreviewServer: serve };
}

const proxy = { [PREFIX]: { target: TAILRACE_URL, changeOrigin: true, rewrite: path => path.slice(PREFIX.length) } };

/** @type {import('vite').UserConfig} What a page with a stream needs, whatever is on it. */
export const served = {
  base: './',
  plugins: [react(), tokenOfThisMachine()],
  server: { proxy },
  preview: { proxy },
  // Served as it is while developing: what Vite bundles ahead loses the address of the SharedWorker's script.
  optimizeDeps: { exclude: ['@tailrace/client', '@tailrace/react'] },
  // The worker loads parts of the client only when they are needed, which a classic script cannot.
  worker: { format: 'es' },
  build: { target: 'es2022' },
};

/** @type {import('vite').UserConfig} The same for a micro frontend: `mount.js` beside the page keeps its name and its export. */
export const microFrontend = {
  ...served,
  build: {
    ...served.build,
    rolldownOptions: {
      input: { index: 'index.html', mount: 'src/mount.jsx' },
      preserveEntrySignatures: 'exports-only',
      output: { entryFileNames: ({ name }) => (name === 'mount' ? 'mount.js' : 'assets/[name]-[hash].js') },
    },
  },
};
