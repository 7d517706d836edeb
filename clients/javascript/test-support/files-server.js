// Answers requests for uploads as docs/files.md says, with what it has in memory.

import { createHash } from 'node:crypto';
import { TestServer } from './server.js';

const OWNER = '0190f3c2-0000-7000-8000-000000000001';
const CONTENT = 'application/offset+octet-stream';

export class FilesServer extends TestServer {
  /** The files by id: {id, name, type, length, bytes}. */
  files = new Map();
  /** What a test wants of a request, or undefined: an answer, `cut`, or {keep: n}, which keeps n bytes of it and cuts. */
  interfere = () => undefined;
  /** What becomes of a file that is whole: what its record has beside the rest. */
  text = () => ({ state: 'ready', pages: 1, text_characters: 5 });

  async start() {
    this.onRequest(request => this.#answer(request));
    return super.start();
  }

  record({ id, name, type, bytes }) {
    return {
      id, name, ...(type && { declared_type: type }), detected_type: type || 'text/plain', size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'),
      state: 'stored', channel: `upload:${OWNER}:${id}`, created_at: '2026-01-01T00:00:00.000Z', ...this.text(id),
    };
  }

  /** The paths that were asked, without those of streams. */
  get asked() { return this.requests.map(({ method, path }) => `${method} ${path.replace(/[^/]*\d$/, 'ID')}`); }

  async #answer(request) {
    const wanted = this.interfere(request);
    if (wanted && !('keep' in Object(wanted))) return wanted;
    const { method, path, headers, bytes } = request;
    const body = wanted ? bytes.subarray(0, wanted.keep) : bytes;
    const answer = path.startsWith('/uploads/resumable') ? this.#tus(method, path.split('/')[3], headers, body) : await this.#plain(request);
    return wanted ? 'cut' : answer;
  }

  #tus(method, id, headers, bytes) {
    if (headers['tus-resumable'] !== '1.0.0') return problem(412, 'precondition');
    const file = this.files.get(id);
    if (method === 'POST') {
      const metadata = Object.fromEntries(headers['upload-metadata'].split(',').map(each => each.split(' ')).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
      const made = { id: `tus-${this.files.size + 1}`, name: metadata.filename, type: metadata.filetype, length: Number(headers['upload-length']), bytes: Buffer.alloc(0) };
      this.files.set(made.id, made);
      return { status: 201, headers: { Location: `/uploads/resumable/${made.id}` } };
    }
    if (!file) return problem(404, 'not-found');
    const at = () => ({ 'Upload-Offset': `${file.bytes.length}`, 'Upload-Length': `${file.length}` });
    if (method === 'HEAD') return { status: 200, headers: at() };
    if (method === 'DELETE') {
      this.files.delete(id);
      return { status: 204 };
    }
    if (headers['content-type'] !== CONTENT) return problem(415, 'unsupported-media-type');
    if (Number(headers['upload-offset']) !== file.bytes.length) return problem(409, 'conflict');
    file.bytes = Buffer.concat([file.bytes, bytes]);
    return { status: 204, headers: at() };
  }

  async #plain({ method, path, headers, bytes }) {
    if (method === 'POST' && path === '/uploads') {
      const form = await new Response(bytes, { headers: { 'Content-Type': headers['content-type'] } }).formData();
      const [given] = form.getAll('files');
      if (given.size === 0) return problem(400, 'validation', [{ field: given.name, message: 'empty' }]);
      const file = { id: `form-${this.files.size + 1}`, name: given.name, type: given.type, length: given.size, bytes: Buffer.from(await given.arrayBuffer()) };
      this.files.set(file.id, file);
      return { status: 201, body: { uploads: [this.record(file)], refused: [] } };
    }
    const whole = [...this.files.values()].filter(file => file.bytes.length === file.length);
    if (path === '/uploads') return { status: 200, body: { uploads: whole.map(file => this.record(file)).reverse() } };
    const file = whole.find(each => each.id === path.split('/')[2]);
    return file ? { status: 200, body: this.record(file) } : problem(404, 'not-found');
  }
}

const problem = (status, slug, errors) => ({ status, body: { type: `https://tailrace.io/problems/${slug}`, status, title: slug, errors } });
