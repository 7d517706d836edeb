/**
 * Uploads and answers as hooks. An entry of its own, so that a page which only follows channels does not load it.
 * @module @tailrace/react/files
 */

import { useCallback, useEffect, useRef, useState } from 'react';
import { answer as asked, resumeAnswer } from '@tailrace/client/answers';
import { upload as send } from '@tailrace/client/uploads';
import { useHeld } from './provider.js';

/** @typedef {import('@tailrace/client/answers').Answer} Answer */
/** @typedef {import('@tailrace/client/answers').AnswerEvent} AnswerEvent */
/** @typedef {import('@tailrace/client/answers').Citation} Citation */
/** @typedef {import('@tailrace/client/answers').Question} Question */
/** @typedef {import('@tailrace/client/answers').Usage} Usage */
/** @typedef {import('@tailrace/client/uploads').Upload} Upload */
/** @typedef {import('@tailrace/client/uploads').Uploadable} Uploadable */
/** @typedef {import('@tailrace/client/uploads').UploadOptions} UploadOptions */
/** @typedef {import('@tailrace/client/uploads').UploadProgress} UploadProgress */

/**
 * What is shown of an answer. `waiting`: it is asked for, and the model has said nothing. `attempt` is higher than 1 where it has begun anew.
 * @typedef {object} ShownAnswer
 * @property {'idle' | 'waiting' | 'answering' | 'completed' | 'failed' | 'cancelled'} state
 * @property {string | null} id keep it where a reload finds it, and give it to the hook then
 * @property {string} text
 * @property {string} reasoning
 * @property {number} attempt
 * @property {Citation[]} citations the passages that the model was given
 * @property {Usage | null} usage
 * @property {Error | {reason: string, detail: string} | null} error
 */

/** @type {ShownAnswer} */
const NOTHING = Object.freeze({ state: 'idle', id: null, text: '', reasoning: '', attempt: 0, citations: [], usage: null, error: null });

/** @param {ShownAnswer} shown @param {AnswerEvent} event @returns {ShownAnswer} */
function shownAfter(shown, event) {
  switch (event.type) {
    case 'answer_started': return { ...NOTHING, id: shown.id, state: 'answering', attempt: event.attempt, citations: event.citations ?? [] };
    case 'answer_delta': return { ...shown, text: shown.text + event.text };
    case 'answer_reasoning': return { ...shown, reasoning: shown.reasoning + event.text };
    case 'answer_usage': return { ...shown, usage: event.usage };
    case 'answer_completed': return { ...shown, state: 'completed', usage: event.usage ?? shown.usage };
    case 'answer_failed': return { ...shown, state: 'failed', error: { reason: event.reason, detail: event.detail } };
    case 'answer_cancelled': return { ...shown, state: 'cancelled' };
    default: return shown;
  }
}

/**
 * An answer of a model, which goes on whether the component is there or not.
 * @param {string | null} [id] one that was asked for before, which is shown from its beginning; null for none
 * @returns {ShownAnswer & {ask: (question: Question) => Promise<string | null>, cancel: () => Promise<void>}} `ask` gives the answer's id when the
 *   server has the question, null if it was refused (`error`); what was shown before is gone. `cancel` ends the answer, also for others
 */
export function useAnswer(id = null) {
  const get = useHeld();
  const [shown, setShown] = useState(NOTHING);
  const reading = useRef(/** @type {AbortController | null} */ (null));
  const current = useRef(/** @type {Answer | null} */ (null));

  const read = useCallback(async (/** @type {(signal: AbortSignal) => Promise<Answer>} */ begin) => {
    reading.current?.abort();
    const own = new AbortController();
    reading.current = own;
    current.current = null;
    /** @type {ShownAnswer} */
    let now = { ...NOTHING, state: 'waiting' };
    const show = (/** @type {ShownAnswer} */ next) => {
      now = next;
      if (!own.signal.aborted) setShown(now);
    };
    const fail = (/** @type {any} */ error) => show({ ...now, state: 'failed', error });
    show(now);
    try {
      const answer = await begin(own.signal);
      if (own.signal.aborted) return answer.id;
      current.current = answer;
      show({ ...now, id: answer.id });
      void (async () => {
        for await (const event of answer) show(shownAfter(now, event));
      })().catch(fail);
      return answer.id;
    } catch (error) {
      fail(error);
      return null;
    }
  }, []);

  const ask = useCallback((/** @type {Question} */ question) => read(signal => asked(get().client, { ...question, signal })), [get, read]);
  const cancel = useCallback(async () => { await current.current?.cancel(); }, []);

  useEffect(() => {
    // The one that was asked here is shown already.
    if (id && id !== current.current?.id) void read(signal => resumeAnswer(get().client, id, { signal }));
  }, [get, id, read]);
  useEffect(() => () => {
    reading.current?.abort();
    current.current = null;
  }, []);
  return { ...shown, ask, cancel };
}

/**
 * A file that is uploaded, as far as it is.
 * @typedef {Omit<UploadProgress, 'phase'> & {key: string, phase: UploadProgress['phase'] | 'waiting' | 'refused' | 'cancelled', error?: Error}} ShownUpload
 */

/**
 * Files that are uploaded. They are stopped when the component goes; with a `store` the same files go on later.
 * @param {Omit<UploadOptions, 'onProgress' | 'signal'>} [options] those of the newest rendering are used
 * @returns {{items: ShownUpload[], uploads: Upload[], upload: (files: Iterable<Uploadable> | FileList) => Promise<Upload[]>, cancel: (key?: string) => void,
 *   clear: () => void}} `uploads` are those that can be asked about; `upload` gives those that were taken; `cancel` stops one, or all; `clear` forgets
 *   what is not under way any more
 */
export function useUpload(options = {}) {
  const get = useHeld();
  const [items, setItems] = useState(/** @type {ShownUpload[]} */ ([]));
  const stops = useRef(/** @type {Map<string, AbortController>} */ (new Map()));
  const keys = useRef(0);
  const newest = useRef(options);
  newest.current = options;

  const change = useCallback((/** @type {string} */ key, /** @type {Partial<ShownUpload>} */ more) => {
    setItems(all => all.map(each => (each.key === key ? { ...each, ...more } : each)));
  }, []);

  const upload = useCallback(async (/** @type {Iterable<Uploadable> | FileList} */ files) => {
    const made = [...files].map(file => {
      const { name = 'file', size = 0 } = /** @type {any} */ (file);
      const key = `${++keys.current}`;
      stops.current.set(key, new AbortController());
      return /** @type {ShownUpload} */ ({ key, file, name, size, sent: 0, phase: 'waiting' });
    });
    setItems(all => [...all, ...made]);
    /** @type {Upload[]} */
    const taken = [];
    const left = made.values();
    await Promise.all(Array.from({ length: newest.current.parallel ?? 3 }, async () => {
      for (const { key, file } of left) {
        const stop = stops.current.get(key);
        try {
          const onProgress = (/** @type {UploadProgress} */ progress) => change(key, progress);
          const record = await send(get().client, file, { ...newest.current, onProgress, signal: stop?.signal });
          taken.push(record);
          change(key, { phase: record.state, upload: record });
        } catch (error) {
          change(key, stop?.signal.aborted ? { phase: 'cancelled' } : { phase: 'refused', error: /** @type {Error} */ (error) });
        } finally {
          stops.current.delete(key);
        }
      }
    }));
    return taken;
  }, [change, get]);

  const cancel = useCallback((/** @type {string | undefined} */ key) => {
    for (const [each, stop] of stops.current) if (key === undefined || each === key) stop.abort();
  }, []);
  const clear = useCallback(() => setItems(all => all.filter(each => stops.current.has(each.key))), []);
  useEffect(() => () => cancel(undefined), [cancel]);
  return { items, uploads: items.flatMap(each => (each.phase === 'ready' && each.upload) || []), upload, cancel, clear };
}
