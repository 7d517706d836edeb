// A service that runs workflows and shows what they do on Tailrace: POST /runs/WORKSPACE/WORKFLOW starts one.

import { setTimeout as pause } from 'node:timers/promises';
import express from 'express';
import { publishRequests, SSEPublisher, withPublisher } from '@tailrace/publisher';

const STEPS = ['extract', 'transform', 'load'];
const { TAILRACE_URL = 'http://localhost:8080', TAILRACE_TOKEN, PORT = '3000', STEP_MS = '1000' } = process.env;

const sse = new SSEPublisher({ gatewayUrl: TAILRACE_URL, serviceToken: TAILRACE_TOKEN, serviceName: 'express-service' });
const app = express();
app.use(withPublisher(sse));
// Each request of the service is a log, too, of the workflow "http" of the workspace "services".
app.use(publishRequests(sse, { workspaceId: 'services' }));

let runs = 0;

app.post('/runs/:workspace/:workflow', (request, response) => {
  const { workspace, workflow } = request.params;
  // Throws for a name that cannot be a part of a channel, before the run begins.
  request.tailrace.publishLog(workspace, workflow, { level: 'INFO', message: 'Run started' });
  response.status(202).json({ channel: `logs:${workspace}:${workflow}` });
  void run(request.tailrace, workspace, workflow, 'fail' in request.query);
});

// What the publisher refuses, such as "a:b" for a workspace, is a mistake of whoever asked.
app.use((error, _request, response, next) => {
  if (error instanceof TypeError) response.status(400).json({ detail: error.message });
  else next(error);
});

/** Nothing of a run waits for Tailrace. */
async function run(tailrace, workspace, workflow, fails) {
  const startedAt = performance.now();
  for (const [i, step] of STEPS.entries()) {
    tailrace.publishWorkflow(workspace, workflow, { state: 'running', step, progress: i / STEPS.length });
    await pause(Number(STEP_MS));
    tailrace.publishLog(workspace, workflow, { level: 'INFO', message: `Step ${step} completed` });
    tailrace.publishMetric(workspace, { name: 'rows', value: Math.round(1000 + Math.random() * 9000) });
  }
  if (fails) {
    tailrace.publishLog(workspace, workflow, { level: 'ERROR', message: 'The target is full' });
    tailrace.publishAlert(workspace, { severity: 'critical', title: `${workflow} has failed` });
  }
  tailrace.publishWorkflow(workspace, workflow, { state: fails ? 'failed' : 'succeeded', step: STEPS.at(-1), progress: 1 });
  tailrace.publishMetric(workspace, { name: 'duration_ms', value: Math.round(performance.now() - startedAt), unit: 'ms' });
  tailrace.publishMetric(workspace, { name: 'runs', value: ++runs });
}

const server = app.listen(Number(PORT), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close(() => sse.close()));
