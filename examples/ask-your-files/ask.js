// Uploads files, asks a model about them and prints its answer as it comes: ask.js QUESTION [FILE..]
// TAILRACE_URL says where Tailrace is, TAILRACE_TOKEN is that of somebody with an account, TAILRACE_MODEL the model (the first that can be reached).

import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { TailraceClient } from '@tailrace/client';
import { models } from '@tailrace/client/answers';
import { withFiles } from '@tailrace/client/files';

const { TAILRACE_URL = 'http://localhost:8080', TAILRACE_TOKEN, TAILRACE_MODEL } = process.env;
const [question, ...paths] = process.argv.slice(2);
if (!question) {
  console.error('usage: ask.js QUESTION [FILE..]');
  process.exit(2);
}

const client = withFiles(new TailraceClient({ url: TAILRACE_URL, token: TAILRACE_TOKEN }));
try {
  const uploads = await uploaded();
  const model = TAILRACE_MODEL ?? (await models(client)).find(each => each.reachable)?.name;
  if (!model) throw new Error('there is no model that can be reached: see docs/answers.md, or start ./tailrace up --with ai');
  await answered(model, uploads);
} catch (fault) {
  console.error(`\n${fault.message}`);
  process.exitCode = 1;
} finally {
  client.close();
}

/** The ids of the files that have a text. */
async function uploaded() {
  const files = await Promise.all(paths.map(async path => ({ content: await openAsBlob(path), name: basename(path) })));
  const told = new Map();
  const { uploads, refused } = await client.upload(files, {
    onProgress({ name, phase, pages, of }) {
      // A line for each phase, and not one for each part.
      const line = phase === 'reading' && of ? `reading, page ${pages} of ${of}` : phase;
      if (told.get(name) !== line) console.error(`${name}: ${line}`);
      told.set(name, line);
    },
  });
  for (const { name, error } of refused) console.error(`${name}: not taken: ${error.message}`);
  return uploads.filter(each => each.state === 'ready').map(each => each.id);
}

async function answered(model, uploads) {
  let citations = [];
  for await (const event of client.answer({ model, messages: [{ role: 'user', content: question }], ...(uploads.length > 0 && { uploads }) })) {
    switch (event.type) {
      case 'answer_started':
        // A terminal cannot take back what it has printed: another attempt begins on a line of its own.
        if (event.attempt > 1) process.stdout.write('\n(it begins anew)\n');
        citations = event.citations ?? [];
        break;
      case 'answer_delta': process.stdout.write(event.text); break;
      case 'answer_failed': throw new Error(`the answer failed: ${event.detail || event.reason}`);
      case 'answer_cancelled': throw new Error('the answer was cancelled');
      case 'answer_completed': {
        const used = new Set(event.citations?.map(each => each.number));
        process.stdout.write('\n');
        for (const { number, name, page } of citations) if (used.has(number)) console.log(`[${number}] ${name}, page ${page}`);
        break;
      }
    }
  }
}
