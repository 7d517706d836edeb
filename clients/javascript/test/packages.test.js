// The packages as a user has them: packed, installed from the tarballs, type-checked against their .d.ts, and bundled.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = new URL('..', import.meta.url).pathname;
const bin = name => join(root, 'node_modules', '.bin', name);
let folder;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'tailrace-packages-'));
  const packages = ['client', 'react', 'publisher'].map(name => join(root, 'packages', name));
  // The types are there already: npm test makes them first.
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder, ...packages], { cwd: root, stdio: 'pipe' });
  writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}');
  const tarballs = readdirSync(folder).filter(name => name.endsWith('.tgz')).map(name => join(folder, name));
  assert.equal(tarballs.length, 3);
  execFileSync('npm', ['install', '--offline', '--silent', '--no-audit', '--no-fund', '--legacy-peer-deps', ...tarballs], { cwd: folder, stdio: 'pipe' });
});

after(() => rmSync(folder, { recursive: true, force: true }));

const gzipped = async (source, options = {}) => {
  writeFileSync(join(folder, 'entry.js'), source);
  const { outputFiles, metafile: { outputs } } = await build({
    entryPoints: [join(folder, 'entry.js')], bundle: true, minify: true, splitting: true, format: 'esm', target: 'es2022', write: false, outdir: folder,
    absWorkingDir: folder, metafile: true, logLevel: 'error', ...options,
  });
  // With the pieces that it imports, and without those that are loaded when they are needed.
  const loaded = new Set();
  const load = path => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const { path: next, kind } of outputs[path]?.imports ?? []) if (kind === 'import-statement') load(next);
  };
  load('entry.js');
  const contents = outputFiles.filter(file => loaded.has(relative(folder, file.path))).map(file => file.contents);
  assert.ok(contents.length > 0);
  return gzipSync(Buffer.concat(contents), { level: 9 }).length;
};

test('the packages hold their sources and types, and nothing else', () => {
  for (const name of ['client', 'react', 'publisher']) {
    const files = readdirSync(join(folder, 'node_modules', '@tailrace', name));
    assert.deepEqual(files.filter(each => each !== 'README.md').sort(), ['package.json', 'src', 'types'], name);
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'node_modules', '@tailrace', name, 'package.json'), 'utf8'));
    assert.deepEqual(Object.keys(dependencies), name === 'client' ? [] : ['@tailrace/client'], name);
  }
});

test('a program uses the installed packages', () => {
  const program = `import { TailraceClient, deliveries, Outbox } from '@tailrace/client';
    import { SharedClient } from '@tailrace/client/shared';
    import { history } from '@tailrace/client/history';
    import { openStore } from '@tailrace/client/persistence';
    import { uploadKey } from '@tailrace/client/uploads';
    import { models } from '@tailrace/client/answers';
    import { SSEPublisher } from '@tailrace/publisher';
    const client = new TailraceClient({ url: 'http://127.0.0.1:9' });
    const store = await openStore({ url: 'http://127.0.0.1:9', user: 'u' });
    const publisher = new SSEPublisher({ gatewayUrl: 'http://127.0.0.1:9', serviceName: 's' });
    console.log(client.state, typeof deliveries, typeof Outbox, typeof history, store.place, publisher.waiting, typeof models, uploadKey({ content: 'x', name: 'a' }));
    client.close(); await publisher.close();`;
  writeFileSync(join(folder, 'program.js'), program);
  assert.equal(execFileSync('node', ['program.js'], { cwd: folder, encoding: 'utf8' }), 'idle function function function memory 0 function ["a","",1,""]\n');
});

const { TAILRACE_URL: url, TAILRACE_TOKEN: token } = process.env;

/** The program of a page that begins with its file name, as a reader has it, but for where Tailrace is and what the token of these tests may. */
const programOf = (page, file) => {
  const text = readFileSync(join(root, 'packages', page, 'README.md'), 'utf8');
  const [, program] = new RegExp(`\`\`\`js\\n(// ${file}\\n[^]*?)\`\`\``).exec(text);
  return program.replaceAll('http://localhost:8080', url).replaceAll("'workspace123'", "'js'");
};

test('the quick starts of the pages do what they say', { skip: url && token ? false : 'TAILRACE_URL and TAILRACE_TOKEN are not set' }, () => {
  const run = (page, file, more = '') => {
    writeFileSync(join(folder, file), programOf(page, file) + more);
    return execFileSync('node', [file], { cwd: folder, encoding: 'utf8', timeout: 60_000, env: { ...process.env, TAILRACE_URL: url, TAILRACE_SERVICE_TOKEN: token } });
  };
  // It follows for ever; this ends it when it has shown an event.
  const followed = run('client', 'follow.mjs', `
    const shown = new Promise(done => sub.on('event', done));
    await client.publish('news:today', 'headline', { text: 'It works' });
    await shown;
    client.close();\n`);
  assert.match(followed, /^live caught-up/m);
  assert.match(followed, /news:today headline \{ text: 'It works' \}/);

  run('publisher', 'etl.mjs');
  const kept = run('client', 'follow.mjs', `
    const { history } = await import('@tailrace/client/history');
    console.log(JSON.stringify((await history(client, 'logs:js:workflow456', { limit: 5 })).deliveries));
    client.close();\n`);
  assert.match(kept, /ETL step completed/);
});

test('a TypeScript program sees the types, and its mistakes', () => {
  mkdirSync(join(folder, 'ts'), { recursive: true });
  const good = `import { TailraceClient, type Delivery } from '@tailrace/client';
    import { withFiles } from '@tailrace/client/files';
    import { history } from '@tailrace/client/history';
    const client = withFiles(new TailraceClient({ url: 'http://x', token: async () => 't' }));
    const sub = client.subscribe(['news:a'], { start: 'last:5' }, (d: Delivery) => { if (d.kind === 'gap') console.log(d.lost); else if (d.kind === 'event') console.log(d.channel); });
    history(client, 'news:a', { limit: 5 }).then(({ next, deliveries }) => client.subscribe(next ?? 'news:b', deliveries[0]?.kind === 'reset' ? {} : { start: 'live' }));
    sub.ready.then(({ refused }) => refused.map(r => r.reason));
    client.upload(new Blob([]), { onProgress: ({ phase, sent }) => console.log(phase, sent) }).then(({ sha256 }) => sha256);
    client.upload([new Blob([])]).then(({ uploads, refused }) => [uploads[0]?.pages, refused[0]?.error.message]);
    (async () => {
      for await (const event of client.answer({ model: 'm', messages: [{ role: 'user', content: 'Why?' }] })) if (event.type === 'answer_delta') console.log(event.text);
      (await client.resumeAnswer('a')).cancel();
    })();`;
  writeFileSync(join(folder, 'ts', 'good.ts'), good);
  writeFileSync(join(folder, 'ts', 'bad.ts'), `import { TailraceClient } from '@tailrace/client'; new TailraceClient({ url: 5 });`);
  const compilerOptions = { noEmit: true, strict: true, module: 'nodenext', target: 'es2022', lib: ['es2022', 'dom'], types: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['ts/good.ts', 'ts/bad.ts'] }));
  const { stdout } = spawnSync(bin('tsc'), ['-p', folder], { cwd: folder, encoding: 'utf8' });
  assert.match(stdout, /^ts\/bad\.ts\(1,\d+\): error TS2322: Type 'number' is not assignable to type 'string'\.\s*$/);
});

test('what a page loads is small', async () => {
  const core = await gzipped(`export { TailraceClient } from '@tailrace/client';`);
  const react = await gzipped(`export * from '@tailrace/react';`, { external: ['react', '@tailrace/client'] });
  const uploads = await gzipped(`export * from '@tailrace/client/uploads';`);
  const answers = await gzipped(`export * from '@tailrace/client/answers';`);
  console.log(`gzipped: uploads ${uploads} bytes, answers ${answers} bytes`);
  assert.ok(uploads <= 6 * 1024, `uploads: ${uploads}`);
  assert.ok(answers <= 6 * 1024, `answers: ${answers}`);
  console.log(`gzipped: core ${core} bytes, react ${react} bytes`);
  assert.ok(core <= 8 * 1024, `core: ${core}`);
  assert.ok(react <= 3 * 1024, `react: ${react}`);
});

test('what is imported for nothing costs nothing', async () => {
  assert.ok(await gzipped(`import '@tailrace/client'; import '@tailrace/client/history'; import '@tailrace/client/persistence'; import '@tailrace/client/uploads';
    import '@tailrace/client/answers'; import '@tailrace/client/files'; import '@tailrace/react/files';`, { external: ['react'] }) < 50);
});
