/** The gateway as it is shipped, with one more tool: it reads one row that makes a result of 2 KB. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gatewayFolder, startGateway, type GatewayProcess } from '../test/support/gateway-process.ts';

/** Bytes of the rows as JSON. */
const RESULT_BYTES = 2048;

const TOOL = `
  read_customer:
    description: Look one customer up by e-mail address, with everything that was written down.
    connection: crm
    input:
      type: object
      properties: { email: { type: string, format: email, maxLength: 254 } }
      required: [email]
      additionalProperties: false
    sql: SELECT id, name, email, phone, city, card_number, ssn, iban, notes FROM customers WHERE email = :email
    limits: { rows: 10, timeout: 5s }
    columns: { email: email, phone: phone, card_number: payment_card, ssn: us_ssn, iban: iban }
`;

export interface Governed {
  readonly gateway: GatewayProcess;
  /** What the tool may be asked for: as many calls that differ in argument and result. */
  readonly emails: readonly string[];
}

export async function startGoverned(command: readonly string[]): Promise<Governed> {
  const folder = await gatewayFolder();
  appendFileSync(join(folder.dir, 'skills/customer-support/tools.yaml'), TOOL);
  const emails = writeNotes(join(folder.dir, 'data/crm.db'));
  // A line of the log an event: none in a call that goes well.
  writeFileSync(folder.configPath, `${readFileSync(folder.configPath, 'utf8')}\nlog: { level: warn }\n`);
  return { gateway: await startGateway({ folder, command }), emails };
}

/** Prose that holds this many notes with a value to be found, beside what the columns hold. */
const TELLING_NOTES = 4;

/** Notes as the example has them, cut to make the result the size it is to be. */
function writeNotes(path: string): readonly string[] {
  const crm = new DatabaseSync(path);
  const bodies = crm
    .prepare('SELECT body FROM notes ORDER BY id')
    .all()
    .map((row) => String(row['body']));
  const telling = bodies.filter((body) => /[@+]|card|Refund/.test(body));
  const plain = bodies.filter((body) => !/[0-9@+]/.test(body)).join(' ');
  const customers = crm
    .prepare('SELECT id, name, email, phone, city, card_number, ssn, iban FROM customers ORDER BY id')
    .all();
  const write = crm.prepare('UPDATE customers SET notes = ? WHERE id = ?');
  crm.exec('CREATE INDEX IF NOT EXISTS customers_by_email ON customers (email); BEGIN');
  for (const [index, customer] of customers.entries()) {
    const room = RESULT_BYTES - Buffer.byteLength(JSON.stringify(Object.values(customer)));
    const told = Array.from({ length: TELLING_NOTES }, (_, at) => telling[(index + at) % telling.length]);
    const from = (index * 211) % (plain.length - RESULT_BYTES);
    write.run(`${told.join(' ')} ${plain.slice(from)}`.slice(0, room), customer['id'] ?? 0);
  }
  crm.exec('COMMIT');
  crm.close();
  return customers.map((customer) => String(customer['email']));
}
