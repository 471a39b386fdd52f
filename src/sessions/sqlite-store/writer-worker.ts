import { parentPort, workerData } from 'node:worker_threads';
import { StoreRefused } from '../store.ts';
import type { WorkerSettings, WriteReply, WriteRequest } from './protocol.ts';
import { unpackBatch } from './batch.ts';
import { erase } from './erase.ts';
import { placeHold, releaseHold } from './hold-rows.ts';
import { prune } from './prune.ts';
import { rekey } from './rekey.ts';
import { putCosignature, putTimestamp } from './endorsement-rows.ts';
import { createLogKeeper, type LogKeeper } from './log-keeper.ts';
import { CommitUnknown, createWriter } from './writer.ts';

/** The thread that writes: `node:sqlite` is synchronous, and an fsync would hold up every call of the gateway. */
const port = parentPort;
if (port === null) throw new Error('this module is a worker');
const settings: WorkerSettings = workerData;
const writer = createWriter(settings.path, settings.writer, settings.keys);
const log = settings.log === null ? null : createLogKeeper(settings.log, (work) => writer.transaction(work));

port.on('message', (request: WriteRequest) => {
  port.postMessage(answer(request));
  if (request.kind === 'close') port.close();
});

function answer(request: WriteRequest): WriteReply {
  try {
    return carryOut(request);
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unknown error';
    if (error instanceof StoreRefused) return { kind: 'refused', reason: error.reason, message };
    return { kind: 'failed', recorded: error instanceof CommitUnknown ? 'unknown' : 'no', message };
  }
}

function carryOut(request: WriteRequest): WriteReply {
  switch (request.kind) {
    case 'open':
      writer.open(request.now);
      return { kind: 'done' };
    case 'append':
      return { kind: 'appended', done: writer.append(request.batch, unpackBatch(request.packed)) };
    case 'settle':
      return { kind: 'appended', done: writer.settle(request.batch) };
    case 'probe':
      writer.probe();
      return { kind: 'done' };
    case 'put_key':
      writer.putKey(request.key);
      return { kind: 'done' };
    case 'revoke_key':
      return { kind: 'said', yes: writer.revokeKey(request.id, request.at) };
    case 'forget_tasks':
      writer.forgetTasks(request.at);
      return { kind: 'done' };
    case 'secret':
      return { kind: 'secret', value: writer.secret(request.name, request.fresh) };
    case 'erase': {
      const erasure = writer.recorded((transaction) => erase(transaction, request.order));
      return {
        kind: 'erasure',
        erasure: erasure.kind === 'erased' ? { ...erasure, flushed: writer.flush() } : erasure,
      };
    }
    case 'hold':
      writer.recorded((transaction) => placeHold(transaction, request.id, request.order));
      return { kind: 'done' };
    case 'release':
      return {
        kind: 'said',
        yes: writer.recorded((transaction) => releaseHold(transaction, request.id, request.order)),
      };
    case 'rekey': {
      const { fresh } = request;
      const rekeyed = writer.recorded((within) => rekey(within, settings.keys, fresh, request));
      writer.flush();
      return { kind: 'rekeyed', rekeyed };
    }
    case 'prune': {
      const progress = writer.recorded((transaction) => prune(transaction, request.step));
      if (progress.done && !request.step.dryRun) writer.flush();
      return { kind: 'pruned', progress };
    }
    case 'open_log':
      return { kind: 'log', opened: kept().open() };
    case 'step_log':
      return { kind: 'said', yes: kept().step(request.at) };
    case 'keep_cosignature':
      writer.transaction((db) => putCosignature(db, request.cosignature));
      return { kind: 'done' };
    case 'keep_timestamp':
      writer.transaction((db) => putTimestamp(db, request.timestamp));
      return { kind: 'done' };
    case 'close':
      writer.close();
      return { kind: 'done' };
  }
}

function kept(): LogKeeper {
  if (log === null) throw new Error('this store was opened without a log to sign');
  return log;
}
