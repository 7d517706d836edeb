// For Express and whatever has its middleware: `app.use(withPublisher(publisher))`.

/** @typedef {import('node:http').IncomingMessage & {tailrace?: import('./publisher.js').SSEPublisher, originalUrl?: string, route?: any, baseUrl?: string}} Request */
/** @typedef {import('node:http').ServerResponse} Response */

/**
 * Gives each request the publisher as `req.tailrace`.
 * @param {import('./publisher.js').SSEPublisher} publisher
 */
export function withPublisher(publisher) {
  return (/** @type {Request} */ request, /** @type {Response} */ _, /** @type {() => void} */ next) => {
    request.tailrace = publisher;
    next();
  };
}

/**
 * Publishes a log for each request when its answer is sent: method, path (without its query, which may hold secrets), status and
 * duration. The answer never waits for it.
 * @param {import('./publisher.js').SSEPublisher} publisher
 * @param {{workspaceId: string, workflowId?: string, only?: (request: Request) => boolean}} options `workflowId` is `http` by default
 */
export function publishRequests(publisher, { workspaceId, workflowId = 'http', only = () => true }) {
  return (/** @type {Request} */ request, /** @type {Response} */ response, /** @type {() => void} */ next) => {
    const startedAt = performance.now();
    response.once('finish', () => {
      if (!only(request)) return;
      const status = response.statusCode;
      void publisher.publishLog(workspaceId, workflowId, {
        level: status >= 500 ? 'ERROR' : status >= 400 ? 'WARN' : 'INFO',
        message: `${request.method} ${(request.originalUrl ?? request.url ?? '').split('?')[0]} ${status}`,
        method: request.method,
        path: (request.originalUrl ?? request.url ?? '').split('?')[0],
        status,
        duration_ms: Math.round((performance.now() - startedAt) * 10) / 10,
      });
    });
    next();
  };
}
