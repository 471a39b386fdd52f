import { parentPort } from 'node:worker_threads';
import { inspectSql, loadParsers } from './sql/inspect-sql.ts';
import { inspectHttp } from './http/inspect-http.ts';
import { inspectShell } from './shell/inspect-shell.ts';
import { inspectText } from './text/inspect-text.ts';
import { isJob, type Finding, type FromWorker, type Question } from './job.ts';

/** Runs the parsers where their death or their slowness costs nothing but this thread. */
const port = parentPort;
if (port === null) throw new Error('inspect-worker.ts runs only as a worker');

await loadParsers();
port.on('message', (message: unknown) => {
  if (!isJob(message)) return;
  send({ id: message.id, finding: answer(message.question) });
});
send({ ready: true });

function answer(question: Question): Finding {
  switch (question.kind) {
    case 'sql':
      return { kind: 'sql', result: inspectSql(question.dialect, question.text) };
    case 'shell':
      return { kind: 'shell', result: inspectShell(question.text) };
    case 'http':
      return { kind: 'http', result: inspectHttp(question.text) };
    case 'text':
      return { kind: 'text', result: inspectText(question.patterns, question.text) };
  }
}

function send(message: FromWorker): void {
  port?.postMessage(message);
}
