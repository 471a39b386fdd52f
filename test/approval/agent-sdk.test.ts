import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { overHttp, runAgent, use } from '../clients/agent-sdk-run.ts';
import type { AgentRun } from '../clients/agent-sdk-run.ts';
import type { GatewayProcess } from '../support/gateway-process.ts';
import { approvalOf, approvalsOf, mark, marks, runAs, startHeld, tokenFor, toldOf } from './held-gateway.ts';

type Options = NonNullable<Parameters<typeof runAgent>[0]['options']>;

describe('an agent of the Claude Agent SDK whose call is held', { timeout: 400_000 }, () => {
  let gateway: GatewayProcess;
  let alice: string;
  let bob: string;
  before(async () => {
    gateway = await startHeld({
      held: {
        customers: '@approval("dba")',
        orders: '@approval("requester")',
        notes: '@approval("dba")\n@justify',
      },
      policy: `@approval("requester")
@assurance("high")
@reason("The owner signs in.")
forbid (principal in Group::"support", action == Action::"run_sql", resource)
when { context.input.statement like "*id = 77" }
unless { context.approved };`,
      wait: '1s',
    });
    alice = await tokenFor(gateway, 'alice', 'support');
    bob = await tokenFor(gateway, 'bob', 'dba');
  });
  after(async () => {
    await gateway.stop();
  });

  async function once(args: object, id: string, options: Options = {}): Promise<AgentRun> {
    const run = await runAgent({
      server: overHttp(gateway.endpoint, alice),
      script: [{ call: [use('run_sql', args as Record<string, unknown>, id)] }, { say: 'Done.' }],
      options,
    });
    assert.equal(run.brokeOff, null);
    return run;
  }

  const told = (run: AgentRun, id: string) => run.results.get(id) ?? assert.fail('no result');
  const newest = async () => (await approvalsOf(gateway))[0] ?? assert.fail('no approval');

  test('runs it once where its user accepts what they were shown, on record with low assurance', async () => {
    const args = mark('orders', 1);
    const shown: string[] = [];
    const run = await once(args, 'toolu_accept', {
      onElicitation: ({ message }) => {
        shown.push(message);
        return Promise.resolve({ action: 'accept', content: { decision: 'approve' } });
      },
    });
    const { isError, text } = told(run, 'toolu_accept');
    assert.equal(isError, false, text);
    assert.equal(shown.length, 1);
    assert.ok(shown[0]?.includes(args.statement), shown[0]);
    assert.match(shown[0] ?? '', /Writes to: orders/);
    assert.equal(marks(gateway, 'orders', 1), 1);
    const { status, verdicts } = await newest();
    assert.deepEqual(
      [status, verdicts.map(({ by, assurance }) => [by.id, assurance])],
      ['spent', [['alice', 'low']]],
    );
  });

  test('runs nothing where its user declines, whichever way', async () => {
    for (const [row, answer] of [
      [2, { action: 'decline' }],
      [3, { action: 'accept', content: { decision: 'decline' } }],
      [4, { action: 'cancel' }],
    ] as const) {
      const id = `toolu_no_${row}`;
      const run = await once(mark('orders', row), id, {
        onElicitation: () => Promise.resolve({ ...answer }),
      });
      assert.equal(told(run, id).isError, true, told(run, id).text);
      assert.equal(marks(gateway, 'orders', row), 0);
    }
  });

  test('gives its user the link where they must sign in, and runs nothing because they say yes to that', async () => {
    const shown: { readonly mode?: string; readonly url?: string; readonly message: string }[] = [];
    const run = await once(mark('orders', 77), 'toolu_link', {
      onElicitation: (question) => {
        shown.push(question);
        return Promise.resolve({ action: 'accept', content: { decision: 'approve' } });
      },
    });
    assert.match(told(run, 'toolu_link').text, /It is decided by people who sign in at http/);
    const { request, status, verdicts } = await newest();
    assert.deepEqual(
      shown.map(({ mode, url }) => [mode, url]),
      [['url', `${new URL(gateway.endpoint).origin}/console/approvals/${request.id}`]],
    );
    assert.deepEqual([status, verdicts], ['pending', []]);
    assert.equal(marks(gateway, 'orders', 77), 0);
  });

  test('runs nothing where nobody takes its questions', async () => {
    const run = await once(mark('orders', 5), 'toolu_nobody');
    assert.equal(told(run, 'toolu_nobody').isError, true, told(run, 'toolu_nobody').text);
    assert.equal(marks(gateway, 'orders', 5), 0);
    assert.deepEqual((await newest()).uses, []);
  });

  test('is told that it waits, and runs it once when somebody else approved and it calls again', async () => {
    const args = mark('customers', 1);
    let id = '';
    const run = await runAgent({
      server: overHttp(gateway.endpoint, alice),
      async script({ results }) {
        switch (results.at(-1)?.id) {
          case undefined:
            return { call: [use('run_sql', args, 'toolu_first')] };
          case 'toolu_first': {
            id = /apr_[\w-]+/.exec(results.at(-1)?.text ?? '')?.[0] ?? '';
            const shown = await runAs(gateway, bob, 'approvals', 'show', id);
            assert.ok(shown.stdout.includes(args.statement), shown.stdout + shown.stderr);
            const approved = await runAs(gateway, bob, 'approvals', 'approve', id, '-m', 'Go on.');
            assert.deepEqual([approved.code, approved.stdout], [0, `${id} is approved\n`], approved.stderr);
            return { call: [use('run_sql', args, 'toolu_second')] };
          }
          case 'toolu_second':
            return { call: [use('run_sql', args, 'toolu_third')] };
          default:
            return { say: 'Done.' };
        }
      },
    });
    assert.equal(run.brokeOff, null);
    assert.match(told(run, 'toolu_first').text, /waits for the approval of dba under apr_.* until /);
    assert.match(told(run, 'toolu_first').text, /same call with the same arguments again/);
    assert.equal(told(run, 'toolu_second').isError, false, told(run, 'toolu_second').text);
    assert.equal(told(run, 'toolu_third').isError, true, 'and asks again for the next time');
    assert.equal(marks(gateway, 'customers', 1), 1);
    const { status, verdicts } = await approvalOf(gateway, id);
    assert.deepEqual(
      [status, verdicts.map(({ by, channel, assurance }) => [by.id, channel, assurance])],
      // With a development token, which anybody who can read the key file can make.
      ['spent', [['bob', 'cli', 'low']]],
    );
  });

  test('has its user asked why, and still waits for the reviewer', async () => {
    const shown: string[] = [];
    const run = await once(mark('notes', 1), 'toolu_why', {
      onElicitation: ({ message }) => {
        shown.push(message);
        return Promise.resolve({ action: 'accept', content: { justification: 'Ticket 4711' } });
      },
    });
    assert.match(told(run, 'toolu_why').text, /waits for the approval of dba/);
    assert.match(shown[0] ?? '', /Why is this needed\?/);
    assert.equal(marks(gateway, 'notes', 1), 0);
    const { request, justification, status } = await newest();
    assert.deepEqual([justification, status], ['Ticket 4711', 'pending']);
    assert.ok((await toldOf(gateway, request.id)).some(({ type }) => type === 'approval.justified'));
  });
});
