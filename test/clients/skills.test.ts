/** Skills as resources: in each era and over each transport with real clients, and the Skills extension as it stands on the wire. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { logo } from './fixture-skills.ts';
import { baseHeaders, envelope, send, startFixture, type HttpFixture, type Reply } from './http-fixture.ts';

interface Connected {
  listResources(): Promise<{ resources: Record<string, unknown>[] }>;
  listResourceTemplates(): Promise<{ resourceTemplates: unknown[] }>;
  readResource(params: { uri: string }): Promise<{ contents: Record<string, unknown>[] }>;
  close(): Promise<void>;
}

interface Setting {
  readonly name: string;
  connect(token: string, changed: () => void): Promise<Connected>;
}

let fixture: HttpFixture;
before(async () => {
  fixture = await startFixture();
});
after(() => fixture.front.close(0));

const main = fileURLToPath(new URL('stdio-fixture.ts', import.meta.url));
const info = { name: 'test-client', version: '9.9' };
const bearer = (token: string) => ({ requestInit: { headers: { authorization: `Bearer ${token}` } } });

const http: readonly Setting[] = [
  ...(['modern', 'legacy'] as const).map((era): Setting => ({
    name: `SDK v2, ${era}, http`,
    async connect(token, changed) {
      const client = new Client(info, {
        versionNegotiation: { mode: era === 'modern' ? { pin: '2026-07-28' } : 'legacy' },
        listChanged: { resources: { autoRefresh: false, debounceMs: 0, onChanged: changed } },
      });
      await client.connect(new StreamableHTTPClientTransport(fixture.url, bearer(token)));
      return client;
    },
  })),
  {
    name: 'SDK v1, http',
    async connect(token, changed) {
      const client = new ClientV1(info, {
        listChanged: { resources: { autoRefresh: false, debounceMs: 0, onChanged: changed } },
      });
      await client.connect(new HttpV1(fixture.url, bearer(token)));
      return client;
    },
  },
];
const stdio: Setting = {
  name: 'SDK v2, modern, stdio',
  async connect() {
    const client = new Client(info, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args: [main], stderr: 'ignore' }),
    );
    return client;
  },
};
const nothing = (): void => undefined;

for (const setting of [...http, stdio]) {
  describe(setting.name, () => {
    test('every file of a skill is a resource, and read as it is', async () => {
      const client = await setting.connect('bob-token', nothing);
      const { resources } = await client.listResources();
      assert.deepEqual(
        resources.map(({ uri, name, mimeType, size }) => [uri, name, mimeType, size]),
        [
          ['skill://echoing/SKILL.md', 'echoing', 'text/markdown', 82],
          ['skill://echoing/assets/logo.png', 'logo.png', 'image/png', 6],
          ['skill://echoing/references/deep/why%3F.md', 'why?.md', 'text/markdown', 13],
          ['skill://echoing/references/how%20to.md', 'how to.md', 'text/markdown', 6],
        ],
      );
      assert.equal(resources[0]?.['description'], 'Says what was said.');
      const [document] = (await client.readResource({ uri: 'skill://echoing/SKILL.md' })).contents;
      assert.equal(document?.['mimeType'], 'text/markdown');
      assert.match(String(document?.['text']), /^---\nname: echoing\n[^]*# Echo\n$/);
      const [picture] = (await client.readResource({ uri: 'skill://echoing/assets/logo.png' })).contents;
      assert.deepEqual(Buffer.from(String(picture?.['blob']), 'base64'), Buffer.from(logo));
      const why = await client.readResource({ uri: 'skill://echoing/references/deep/why%3F.md' });
      assert.equal(why.contents[0]?.['text'], '# Why — ü\n');
      assert.deepEqual((await client.listResourceTemplates()).resourceTemplates, []);
      await client.close();
    });

    test('nothing else can be read', async () => {
      const client = await setting.connect('bob-token', nothing);
      for (const uri of [
        'skill://echoing',
        'skill://echoing/',
        'skill://echoing/tools.yaml',
        'skill://echoing/../../../etc/passwd',
        'skill://echoing/references/../SKILL.md',
        'skill://echoing/SKILL.md?',
        'skill://for-alice/SKILL.md',
        'file:///etc/passwd',
        '__proto__',
        '',
      ])
        await assert.rejects(client.readResource({ uri }), /not found/i, uri);
      await client.close();
    });
  });
}

for (const setting of http)
  test(`${setting.name}: a skill is listed for whom its tools are, and a change is announced`, async () => {
    const changed = Promise.withResolvers<void>();
    const client = await setting.connect('alice-token', () => changed.resolve());
    const { resources } = await client.listResources();
    assert.ok(resources.some(({ uri }) => uri === 'skill://for-alice/SKILL.md'));
    assert.equal((await client.readResource({ uri: 'skill://for-alice/SKILL.md' })).contents.length, 1);
    // A client of 2025 opens its stream after it has connected.
    const nudge = setInterval(() => fixture.gateway.addTool('late'), 100);
    await changed.promise;
    clearInterval(nudge);
    await client.close();
  });

/** One request of 2026-07-28, and what it is answered. */
async function ask(method: string, params: Record<string, unknown>, token = 'bob-token'): Promise<Reply> {
  const headers = {
    ...baseHeaders,
    authorization: `Bearer ${token}`,
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    ...(method === 'resources/read' ? { 'mcp-name': String(params['uri']) } : {}),
  };
  const message = { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: envelope } };
  return await send(fixture.url, headers, message);
}

const digest = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

test('the extension is declared to clients of 2026-07-28', async () => {
  const { capabilities } = (await ask('server/discover', {})).messages[0].result;
  assert.deepEqual(capabilities.resources, { listChanged: true });
  assert.deepEqual(capabilities.extensions['io.modelcontextprotocol/skills'], { directoryRead: true });
});

test('a host finds in skills/list all it needs, and each file is what its digest and size say', async () => {
  const { result } = (await ask('skills/list', {})).messages[0];
  const { skills, ...rest } = result;
  assert.deepEqual(
    { resultType: rest.resultType, ttlMs: rest.ttlMs, cacheScope: rest.cacheScope },
    { resultType: 'complete', ttlMs: 60_000, cacheScope: 'private' },
  );
  const [skill, ...others] = skills;
  assert.deepEqual(others, []);
  assert.equal(skill.uri, 'skill://echoing/SKILL.md');
  assert.deepEqual(skill.frontmatter, {
    name: 'echoing',
    description: 'Says what was said.',
    'x-own': { level: 2 },
  });
  assert.equal(skill.resources.length, 4);
  for (const file of skill.resources) {
    const [{ text, blob }] = (await ask('resources/read', { uri: file.uri })).messages[0].result.contents;
    const bytes = text === undefined ? Buffer.from(blob, 'base64') : Buffer.from(text);
    assert.deepEqual([file.digest, file.size], [digest(bytes), bytes.length], file.uri);
  }
});

test('skills/get gives the entry that the list has, and of others says nothing', async () => {
  const [listed] = (await ask('skills/list', {})).messages[0].result.skills;
  const { result } = (await ask('skills/get', { uri: listed.uri })).messages[0];
  assert.deepEqual(result.skill, listed);
  assert.deepEqual([result.resultType, result.ttlMs, result.cacheScope], ['complete', 60_000, 'private']);
  for (const uri of ['skill://echoing', 'skill://echoing/references/how%20to.md', 'skill://none/SKILL.md'])
    assert.equal((await ask('skills/get', { uri })).messages[0].error.code, -32602, uri);
  const hidden = (await ask('skills/get', { uri: 'skill://for-alice/SKILL.md' })).messages[0].error;
  assert.deepEqual(hidden, (await ask('skills/get', { uri: 'skill://none/SKILL.md' })).messages[0].error);
  const alice = (await ask('skills/get', { uri: 'skill://for-alice/SKILL.md' }, 'alice-token')).messages[0];
  assert.equal(alice.result.skill.frontmatter.name, 'for-alice');
  assert.equal((await ask('skills/get', {})).messages[0].error.code, -32602);
});

test('a folder of a skill is read level by level', async () => {
  const children = async (uri: string): Promise<unknown> => {
    const { result } = (await ask('resources/directory/read', { uri })).messages[0];
    assert.equal(result.resultType, 'complete');
    return result.resources.map(
      (each: { uri: string; name: string; mimeType: string }) => `${each.uri} ${each.name} ${each.mimeType}`,
    );
  };
  assert.deepEqual(await children('skill://echoing'), [
    'skill://echoing/SKILL.md echoing text/markdown',
    'skill://echoing/assets assets inode/directory',
    'skill://echoing/references references inode/directory',
  ]);
  assert.deepEqual(await children('skill://echoing/references'), [
    'skill://echoing/references/how%20to.md how to.md text/markdown',
    'skill://echoing/references/deep deep inode/directory',
  ]);
  assert.deepEqual(await children('skill://echoing/references/deep'), [
    'skill://echoing/references/deep/why%3F.md why?.md text/markdown',
  ]);
  for (const uri of [
    'skill://echoing/',
    'skill://echoing/SKILL.md',
    'skill://echoing/none',
    'skill://',
    'skill:/',
    'skill://for-alice',
    '',
  ])
    assert.equal((await ask('resources/directory/read', { uri })).messages[0].error.code, -32602, uri);
});

test('a cursor that nobody was given is refused, in every list', async () => {
  for (const [method, params] of [
    ['skills/list', {}],
    ['resources/list', {}],
    ['resources/templates/list', {}],
    ['resources/directory/read', { uri: 'skill://echoing' }],
  ] as const)
    assert.equal((await ask(method, { ...params, cursor: 'x' })).messages[0].error.code, -32602, method);
});

test('who is not known reads nothing', async () => {
  for (const method of ['skills/list', 'resources/list'])
    assert.equal((await ask(method, {}, 'mallory-token')).status, 401);
});
