import { parentPort, workerData } from 'node:worker_threads';
import { StoreRefused } from '../store.ts';
import type { ReadReply, ReadRequest, WorkerSettings } from './protocol.ts';
import { createReader } from './reader.ts';

/** The thread that reads, so that an auditor's long query does not stand before an append. */
const port = parentPort;
if (port === null) throw new Error('this module is a worker');
const settings: WorkerSettings = workerData;
const reader = createReader(settings.path, settings.keys);

port.on('message', (request: ReadRequest) => {
  port.postMessage(answer(request));
  if (request.kind === 'close') port.close();
});

function answer(request: ReadRequest): ReadReply {
  try {
    return carryOut(request);
  } catch (error) {
    // What failed once is not trusted again: the next request opens anew.
    reader.close();
    const message = error instanceof Error ? error.message : 'unknown error';
    if (error instanceof StoreRefused) return { kind: 'refused', reason: error.reason, message };
    return { kind: 'failed', message };
  }
}

function carryOut(request: ReadRequest): ReadReply {
  switch (request.kind) {
    case 'records':
      return { kind: 'records', rows: reader.records(request.query) };
    case 'latest':
      return { kind: 'records', rows: reader.latest(request.type, request.limit) };
    case 'sessions':
      return { kind: 'sessions', sessions: reader.sessions(request.query) };
    case 'find_key': {
      const key = reader.findKey(request.id);
      return { kind: 'keys', keys: key === null ? [] : [key] };
    }
    case 'list_keys':
      return { kind: 'keys', keys: reader.listKeys() };
    case 'approval': {
      const row = reader.approval(request.id);
      return { kind: 'approvals', rows: row === null ? [] : [row] };
    }
    case 'approvals':
      return { kind: 'approvals', rows: reader.approvals(request.query) };
    case 'task':
      return { kind: 'task', task: reader.task(request.id) };
    case 'count_tasks':
      return { kind: 'count', count: reader.countTasks(request.owner, request.now) };
    case 'checkpoint':
      return { kind: 'note', note: reader.checkpoint() };
    case 'tile':
      return { kind: 'bytes', bytes: reader.tile(request.level, request.index, request.width) };
    case 'entries':
      return { kind: 'bytes', bytes: reader.entries(request.index, request.width) };
    case 'source_records':
      return { kind: 'source_records', records: reader.sourceRecords(request.first, request.end) };
    case 'source_checkpoints':
      return { kind: 'source_checkpoints', checkpoints: reader.sourceCheckpoints(request.query) };
    case 'source_bounds':
      return { kind: 'source_bounds', bounds: reader.sourceBounds(request.from, request.to) };
    case 'source_tile':
      return { kind: 'bytes', bytes: reader.sourceTile(request.level, request.index) };
    case 'holds':
      return { kind: 'holds', holds: reader.holds() };
    case 'cosigned':
      return { kind: 'note', note: reader.cosigned() };
    case 'cosigned_size':
      return { kind: 'count', count: reader.cosignedSize(request.key) };
    case 'last_timestamp':
      return { kind: 'last_timestamp', timestamp: reader.lastTimestamp() };
    case 'timestamps':
      return { kind: 'timestamps', timestamps: reader.timestamps(request.after, request.limit) };
    case 'close':
      reader.close();
      return { kind: 'done' };
  }
}
