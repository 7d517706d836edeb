// The system's Chromium, driven by the DevTools protocol over a pipe.

import { spawn } from 'node:child_process';
import { accessSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PLACES = [process.env.TAILRACE_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];

/** Where it is; undefined if there is none. */
export const chromiumPath = PLACES.find(path => {
  try {
    accessSync(path ?? '/nowhere');
    return true;
  } catch {
    return false;
  }
});

export class Chromium {
  #next = 0;
  #waiting = new Map();
  #rest = '';

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'tailrace-chromium-'));
    this.process = spawn(chromiumPath, ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--remote-debugging-pipe', `--user-data-dir=${this.folder}`, 'about:blank'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    this.exited = new Promise(resolve => { this.process.on('exit', resolve); });
    this.process.stdio[4].setEncoding('utf8').on('data', text => {
      const messages = (this.#rest + text).split('\0');
      this.#rest = messages.pop();
      for (const message of messages) {
        const { id, result, error } = JSON.parse(message);
        const waiting = this.#waiting.get(id);
        this.#waiting.delete(id);
        if (error) waiting?.reject(new Error(error.message));
        else waiting?.resolve(result);
      }
    });
  }

  send(method, params = {}, sessionId = undefined) {
    const id = ++this.#next;
    this.process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => { this.#waiting.set(id, { resolve, reject }); });
  }

  /** A tab of the browser. */
  async tab(url) {
    const { targetId } = await this.send('Target.createTarget', { url });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    return {
      send: (method, params) => this.send(method, params, sessionId),
      run: async expression => {
        const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }, sessionId);
        if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
        return result.value;
      },
      close: () => this.send('Target.closeTarget', { targetId }),
      /** It is in front of the others, which are hidden. */
      show: () => this.send('Target.activateTarget', { targetId }),
      /** As a browser does with a page that nobody has looked at for long: no task of it runs. */
      freeze: () => this.send('Page.setWebLifecycleState', { state: 'frozen' }, sessionId),
      thaw: () => this.send('Page.setWebLifecycleState', { state: 'active' }, sessionId),
      // The answer never comes.
      crash: () => { this.send('Page.crash', {}, sessionId).catch(() => {}); },
    };
  }

  async stop() {
    this.send('Browser.close').catch(() => {});
    const timer = setTimeout(() => this.process.kill('SIGKILL'), 5000);
    await this.exited;
    clearTimeout(timer);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
