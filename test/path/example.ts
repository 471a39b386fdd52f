/** The shipped example with more users, connections, tools and policies, and with its customers as they really are. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gatewayFolder, type GatewayFolder } from '../support/gateway-process.ts';

export interface ExampleOptions {
  readonly config?: (yaml: string) => string;
  /** YAML under `connections:`, indented by two. */
  readonly connections?: string;
  /** YAML under `tools:` of a further skill, `probe`, indented by two. */
  readonly tools?: string;
  /** A further policy file. */
  readonly policy?: string;
}

/** Beside alice, bob and carol: frank of fraud, and gwen who is in no group. */
export async function exampleFolder(options: ExampleOptions = {}): Promise<GatewayFolder> {
  const { config = (yaml: string) => yaml, connections, tools, policy } = options;
  const folder = await gatewayFolder({
    config: (yaml) =>
      config(
        yaml
          .replace('carol: [audit]', 'carol: [audit]\n      frank: [fraud]\n      gwen: []')
          .replace('connections:\n', `connections:\n${connections ?? ''}`)
          // Nobody approves here, so nobody is waited for.
          .concat('\napproval: { wait: 0s }\n'),
      ),
  });
  if (tools !== undefined) writeSkill(folder, tools);
  if (policy !== undefined) writeFileSync(join(folder.dir, 'policies/probe.cedar'), policy);
  return folder;
}

function writeSkill({ dir }: GatewayFolder, tools: string): void {
  const skill = join(dir, 'skills/probe');
  mkdirSync(skill);
  writeFileSync(join(skill, 'SKILL.md'), '---\nname: probe\ndescription: Tools of a test.\n---\n');
  writeFileSync(join(skill, 'tools.yaml'), `tools:\n${tools}`);
}

export interface Customer {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly card_number: string;
  readonly ssn: string;
}

/** A customer with a value of every class, as the database holds them. */
export function someCustomer({ dir }: GatewayFolder): Customer {
  return row(
    dir,
    'SELECT id, name, email, phone, card_number, ssn FROM customers WHERE ssn IS NOT NULL ORDER BY id LIMIT 1',
  ) as unknown as Customer;
}

/** The values of a customer that nobody without a permission may see. A name is not one of them. */
export function regulated({ email, phone, card_number, ssn }: Customer): readonly string[] {
  return [email, phone, card_number, ssn];
}

/** One value out of the example's database, looked at past the gateway. */
export function peek({ dir }: GatewayFolder, sql: string): unknown {
  return Object.values(row(dir, sql))[0];
}

function row(dir: string, sql: string): Record<string, unknown> {
  const crm = new DatabaseSync(join(dir, 'data/crm.db'), { readOnly: true });
  try {
    return { ...crm.prepare(sql).get() };
  } finally {
    crm.close();
  }
}
