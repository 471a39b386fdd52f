/** Clients of a gateway that is going to be killed: they call until the connection breaks, and note what they were told. */
import { Agent, request } from 'node:http';
import { modernCall } from '../clients/http-fixture.ts';
import type { GatewayProcess } from '../support/gateway-process.ts';

/** One call as its client saw it. */
export interface Noted {
  readonly tool: string;
  /** Unique text that the call writes into the database; null where it writes nothing. */
  readonly mark: string | null;
  /** What the client was told; null where the whole answer never came. */
  readonly told: { readonly call: string; readonly outcome: string } | null;
}

export interface Load {
  /** Resolves with the first answer from the database, or the first that did not come. */
  readonly answering: Promise<void>;
  /** Resolves, once the gateway is gone, to everything that was called. */
  readonly over: Promise<readonly Noted[]>;
}

const CLIENTS = 8;

/** Letters only: nothing that masking could take for a value. */
export function letters(n: number): string {
  const letter = String.fromCharCode(97 + (n % 26));
  return n < 26 ? letter : letters(Math.floor(n / 26) - 1) + letter;
}

/** `name` makes the marks unique among all loads on one database. */
export function startLoad(gateway: GatewayProcess, name: string, emails: readonly string[]): Load {
  // Half of the clients share a few kept connections, the others have one each, as agents do.
  const shared = new Agent({ keepAlive: true, maxSockets: 2 });
  const answering = Promise.withResolvers<void>();
  let made = 0;

  async function client(index: number): Promise<readonly Noted[]> {
    const agent = index < CLIENTS / 2 ? shared : new Agent({ keepAlive: true, maxSockets: 1 });
    const noted: Noted[] = [];
    for (;;) {
      const n = made++;
      const { user, tool, args, mark } = callOf(n, `${name} ${letters(n)}`, emails);
      const told = await send(gateway, user, tool, args, n, agent);
      noted.push({ tool, mark, told });
      if (told === null || told.outcome === 'answered') answering.resolve();
      if (told === null) break;
    }
    agent.destroy();
    return noted;
  }

  const clients = Array.from({ length: CLIENTS }, (_, index) => client(index));
  return { answering: answering.promise, over: Promise.all(clients).then((noted) => noted.flat()) };
}

interface Call {
  readonly user: 'alice' | 'bob';
  readonly tool: string;
  readonly args: object;
  readonly mark: string | null;
}

/** Reads, writes by an author's and by an agent's statement, and one in eight that policy refuses. */
function callOf(n: number, mark: string, emails: readonly string[]): Call {
  const customer = 1 + (n % 1000);
  switch (n % 8) {
    case 0:
    case 4:
      return {
        user: 'alice',
        tool: 'find_customer',
        args: { email: emails[n % emails.length] },
        mark: null,
      };
    case 1:
    case 3:
    case 6:
      return { user: 'alice', tool: 'add_note', args: { customer_id: customer, body: mark }, mark };
    case 2:
      return {
        user: 'bob',
        tool: 'run_sql',
        args: { statement: `SELECT id, city FROM customers WHERE id = ${customer}` },
        mark: null,
      };
    case 5: {
      const values = `${customer}, 'agent', '2026-01-01', '${mark}'`;
      const statement = `INSERT INTO notes (customer_id, author, written_at, body) VALUES (${values})`;
      return { user: 'bob', tool: 'run_sql', args: { statement }, mark };
    }
    default:
      return { user: 'bob', tool: 'run_sql', args: { statement: 'DROP TABLE notes' }, mark: null };
  }
}

/** Null where the gateway went away before the whole answer was here. Anything else that is no answer throws. */
function send(
  gateway: GatewayProcess,
  user: string,
  tool: string,
  args: object,
  id: number,
  agent: Agent,
): Promise<Noted['told']> {
  const { headers, message } = modernCall(tool, args, {}, id);
  const body = JSON.stringify(message);
  const sent = {
    ...headers,
    authorization: `Bearer ${gateway.tokens[user]}`,
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const req = request(gateway.endpoint, { method: 'POST', headers: sent, agent }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', () => resolve(null));
      res.on('end', () => {
        try {
          resolve(toldBy(Buffer.concat(chunks).toString(), id));
        } catch (error) {
          reject(error);
        }
      });
    });
    req.on('error', () => resolve(null));
    req.end(body);
  });
}

function toldBy(text: string, id: number): Noted['told'] {
  const reply = JSON.parse(text) as {
    readonly id: number;
    readonly result?: {
      readonly isError: boolean;
      readonly structuredContent?: { readonly sallyport?: { readonly outcome: string } };
      readonly _meta: { readonly 'sallyport/call': string };
    };
  };
  if (reply.id !== id || reply.result === undefined) throw new Error(`no answer to call ${id}: ${text}`);
  const { isError, structuredContent, _meta } = reply.result;
  const outcome = isError ? structuredContent?.sallyport?.outcome : 'answered';
  if (outcome === undefined) throw new Error(`an error without an outcome: ${text}`);
  return { call: _meta['sallyport/call'], outcome };
}
