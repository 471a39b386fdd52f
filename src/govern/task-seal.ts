import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { StoredTask, TaskId, TaskReply } from '../model/task.ts';
import type { JsonObject } from '../model/json.ts';

/** The call of a task: everything that its execution needs and that is not asked afresh. */
export interface TaskCall {
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly toolUseId: string | null;
}

/** A cancelled task holds nothing. */
export type TaskContent =
  | { readonly kind: 'call'; readonly call: TaskCall }
  | { readonly kind: 'reply'; readonly reply: TaskReply }
  | { readonly kind: 'nothing' };

/** What the client's handle is good for. */
export interface TaskKey {
  readonly id: TaskId;
  readonly handle: string;
  /** @param owner bound to what is sealed: moved into the row of another principal it does not open */
  seal(content: TaskContent, owner: string): string;
  /** Null for what was not sealed with this handle. */
  open(task: StoredTask): TaskContent | null;
}

export interface TaskSeal {
  /** A key with a secret of its own, 32 random bytes, which is in the handle and nowhere else. */
  mint(id: TaskId): TaskKey;
  /** Null for text that is no handle. */
  read(handle: string): TaskKey | null;
}

const json = z.record(z.string(), z.json());
const content = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('call'),
    call: z.strictObject({ tool: z.string(), arguments: json, toolUseId: z.string().nullable() }),
  }),
  z.strictObject({
    kind: z.literal('reply'),
    reply: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('result'), result: json }),
      z.strictObject({ kind: z.literal('error'), error: json }),
    ]),
  }),
  z.strictObject({ kind: z.literal('nothing') }),
]);

const HANDLE = /^(task_[0-9a-f-]{36})\.([\w-]{43})$/;
const NONCE = 12;
const TAG = 16;

/**
 * AES-256-GCM under a key derived (HKDF-SHA-256) from the secret in the handle and the secret of the store. Who has the
 * store can't read the arguments of what waits, who has a handle can't either, and a handle can't be guessed or made.
 * @param storeSecret 32 random bytes that all gateways on one store share
 */
export function createTaskSeal(storeSecret: Uint8Array): TaskSeal {
  function keyOf(id: TaskId, secret: Uint8Array): TaskKey {
    const derived = hkdfSync('sha256', secret, storeSecret, `sallyport-task-v1.${id}`, 32);
    const key = new Uint8Array(derived);
    return {
      id,
      handle: `${id}.${Buffer.from(secret).toString('base64url')}`,
      seal(what, owner) {
        const nonce = randomBytes(NONCE);
        const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(owner));
        const body = Buffer.concat([cipher.update(JSON.stringify(what), 'utf8'), cipher.final()]);
        return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
      },
      open({ sealed, owner }) {
        const bytes = Buffer.from(sealed, 'base64url');
        try {
          const nonce = bytes.subarray(0, NONCE);
          const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
          decipher.setAAD(Buffer.from(owner)).setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
          const text = Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]);
          return content.parse(JSON.parse(text.toString('utf8')));
        } catch {
          // Another secret, or other hands in the row: either way it is not what this handle was given for.
          return null;
        }
      },
    };
  }
  return {
    mint: (id) => keyOf(id, randomBytes(32)),
    read(handle) {
      const [, id, secret] = HANDLE.exec(handle) ?? [];
      if (id === undefined || secret === undefined || !isTaskId(id)) return null;
      const bytes = Buffer.from(secret, 'base64url');
      // One handle a task: of the last character two bits are not used, and must be what they were.
      return bytes.toString('base64url') === secret ? keyOf(id, bytes) : null;
    },
  };
}

function isTaskId(text: string): text is TaskId {
  return text.startsWith('task_');
}
