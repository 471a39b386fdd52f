import { parentPort } from 'node:worker_threads';
import { inspectSql, loadParsers } from './sql/inspect-sql.ts';
import { isJob, type FromWorker } from './job.ts';

/** Runs the parsers where their death or their slowness costs nothing but this thread. */
const port = parentPort;
if (port === null) throw new Error('inspect-worker.ts runs only as a worker');

await loadParsers();
port.on('message', (message: unknown) => {
  if (!isJob(message)) return;
  send({ id: message.id, result: inspectSql(message.dialect, message.text) });
});
send({ ready: true });

function send(message: FromWorker): void {
  port?.postMessage(message);
}
