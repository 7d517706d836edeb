// docs/reference/javascript is what the types and comments say.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..');

const pages = folder => Object.fromEntries(readdirSync(folder).sort().map(name => [name, readFileSync(join(folder, name), 'utf8')]));

test('the reference is current', () => {
  const made = mkdtempSync(join(tmpdir(), 'tailrace-reference-'));
  try {
    // The types are there already: npm test makes them first.
    execFileSync(join(root, 'node_modules', '.bin', 'typedoc'), ['--out', made], { cwd: root, stdio: 'pipe' });
    assert.deepEqual(pages(join(root, '..', '..', 'docs', 'reference', 'javascript')), pages(made), 'npm run reference makes it anew');
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
});
