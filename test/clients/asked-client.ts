import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  ElicitationCompleteNotificationSchema,
  ElicitRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { HttpFixture } from './http-fixture.ts';

/** `params` of a question, as it reached the client. */
export type Question = Readonly<Record<string, unknown>>;

export interface Said {
  readonly action: 'accept' | 'decline' | 'cancel';
  readonly content?: Record<string, string | number | boolean | string[]>;
}

/** The person behind a client. */
export type Person = (question: Question, signal: AbortSignal) => Said | Promise<Said>;

export interface AskedOptions {
  /** `capabilities.elicitation`; absent where the client takes no questions. */
  readonly elicitation?: { form?: object; url?: object };
  readonly person?: Person;
  readonly token?: string;
}

export interface Asked {
  /** Questions in the order in which they came. */
  readonly questions: Question[];
  /** Ids of the links of which the client was told that they are done with, in the order in which it was told. */
  readonly completed: string[];
  call(
    name: string,
    args?: Record<string, unknown>,
    options?: CallOptions,
  ): Promise<Readonly<Record<string, unknown>>>;
  /** What the gateway saw of calls. Over stdio this closes the client. */
  seen(): Promise<readonly SeenCall[]>;
  close(): Promise<void>;
}

interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: { progress: number; message?: string | undefined }) => void;
}

export interface SeenCall {
  readonly tool: string;
  readonly input: { state: string; action: string; content: Record<string, unknown> } | null;
  readonly origin: { readonly elicitation: { readonly form: boolean; readonly url: boolean } };
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface AskedSetting {
  readonly name: string;
  readonly era: '2025' | '2026';
  readonly transport: 'http' | 'stdio';
  connect(fixture: HttpFixture, options: AskedOptions): Promise<Asked>;
}

const info = { name: 'asked-client', version: '1' };
const child = {
  command: process.execPath,
  args: [fileURLToPath(new URL('stdio-fixture.ts', import.meta.url)), 'approvals'],
  stderr: 'pipe' as const,
};

const nobody: Person = () => ({ action: 'cancel' });

function authorization({ token = 'alice-token' }: AskedOptions) {
  return { requestInit: { headers: { authorization: `Bearer ${token}` } } };
}

function settingV2(era: '2025' | '2026', transport: 'http' | 'stdio'): AskedSetting {
  return {
    name: `SDK v2 of ${era} over ${transport}`,
    era,
    transport,
    async connect(fixture, options) {
      const questions: Question[] = [];
      const completed: string[] = [];
      const { elicitation, person = nobody } = options;
      const client = new Client(info, {
        versionNegotiation: { mode: era === '2026' ? { pin: '2026-07-28' } : 'legacy' },
        capabilities: elicitation === undefined ? {} : { elicitation: elicitation as { form: {} } },
      });
      if (elicitation !== undefined) {
        if (era === '2025')
          client.setNotificationHandler('notifications/elicitation/complete', ({ params }) => {
            completed.push(params.elicitationId);
          });
        client.setRequestHandler('elicitation/create', async ({ params }, ctx) => {
          questions.push({ ...params });
          return { ...(await person({ ...params }, ctx.mcpReq.signal)) };
        });
      }
      const wire =
        transport === 'http'
          ? new StreamableHTTPClientTransport(fixture.url, authorization(options))
          : new StdioClientTransport(child);
      await client.connect(wire);
      const stderr = wire instanceof StdioClientTransport ? wire.stderr : null;
      return {
        questions,
        completed,
        call: (name, args = {}, settings) => client.callTool({ name, arguments: args }, settings),
        seen: seenBy(fixture, stderr, () => client.close()),
        close: () => client.close(),
      };
    },
  };
}

function settingV1(transport: 'http' | 'stdio'): AskedSetting {
  return {
    name: `SDK v1 of 2025 over ${transport}`,
    era: '2025',
    transport,
    async connect(fixture, options) {
      const questions: Question[] = [];
      const completed: string[] = [];
      const { elicitation, person = nobody } = options;
      const client = new ClientV1(info, {
        capabilities: elicitation === undefined ? {} : { elicitation: elicitation as { form: {} } },
      });
      if (elicitation !== undefined) {
        client.setNotificationHandler(ElicitationCompleteNotificationSchema, ({ params }) => {
          completed.push(params.elicitationId);
        });
        client.setRequestHandler(ElicitRequestSchema, async ({ params }, extra) => {
          questions.push(params);
          return { ...(await person(params, extra.signal)) };
        });
      }
      const wire =
        transport === 'http' ? new HttpV1(fixture.url, authorization(options)) : new StdioV1({ ...child });
      await client.connect(wire);
      const stderr = wire instanceof StdioV1 ? wire.stderr : null;
      return {
        questions,
        completed,
        call: (name, args = {}, settings) => client.callTool({ name, arguments: args }, undefined, settings),
        seen: seenBy(fixture, stderr, () => client.close()),
        close: () => client.close(),
      };
    },
  };
}

/** Directly over HTTP; from the last line of the child's standard error over stdio. */
function seenBy(fixture: HttpFixture, stderr: NodeJS.EventEmitter | null, close: () => Promise<void>) {
  if (stderr === null) return () => Promise.resolve(fixture.gateway.calls as unknown as readonly SeenCall[]);
  let text = '';
  stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return async () => {
    await close();
    return (JSON.parse(text.trim().split('\n').at(-1) ?? '') as { calls: readonly SeenCall[] }).calls;
  };
}

export const askedSettings: readonly AskedSetting[] = [
  settingV2('2026', 'http'),
  settingV2('2025', 'http'),
  settingV1('http'),
  settingV2('2026', 'stdio'),
  settingV1('stdio'),
];
