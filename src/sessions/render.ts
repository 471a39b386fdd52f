import type { Json, JsonObject } from '../model/json.ts';
import type { SessionSummary } from '../model/record.ts';
import { printable, printableJson, shortened, widthOf } from './printable.ts';
import { approvalStory } from './render-approval.ts';
import { name, utc } from './render-parts.ts';
import type { TimelineCall, TimelineEntry } from './timeline.ts';

export interface RenderOptions {
  /** ANSI colours. Off unless asked for. */
  readonly color?: boolean;
  /** Payloads whole, not their first 160 characters. */
  readonly full?: boolean;
}

type Color = 'red' | 'green' | 'yellow' | 'dim';
type Paint = (color: Color, text: string) => string;

const CODES: Readonly<Record<Color, number>> = { red: 31, green: 32, yellow: 33, dim: 2 };
const PAYLOAD_LENGTH = 160;

/** Sessions as a table, a line each, times in UTC. */
export function renderSessions(sessions: readonly SessionSummary[], options: RenderOptions = {}): string {
  if (sessions.length === 0) return 'No sessions.\n';
  const paint = painter(options);
  const head = [
    'SESSION',
    'OPENED (UTC)',
    'LAST (UTC)',
    'STATE',
    'PRINCIPAL',
    'CLIENT',
    'VIA',
    'CALLS',
    'REFUSED',
  ];
  const rows = sessions.map((session) => [
    printable(session.id),
    utc(session.openedAt),
    utc(session.lastAt),
    session.closedAt === null ? 'open' : 'closed',
    name(session.principal),
    name(session.client),
    name(session.transport),
    String(session.calls),
    String(session.refused),
  ]);
  const widths = head.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => widthOf(row[at] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => cell + ' '.repeat(Math.max(0, (widths[at] ?? 0) - widthOf(cell))))
      .join('  ')
      .trimEnd();
  return `${[paint('dim', line(head)), ...rows.map(line)].join('\n')}\n`;
}

/** A session as it went, a paragraph a call, times in UTC. Payloads are those on record: masked. */
export function renderTimeline(
  summary: SessionSummary,
  entries: readonly TimelineEntry[],
  options: RenderOptions = {},
): string {
  const all = entries.map((entry) => renderEntry(entry, options));
  return `${renderHead(summary)}\n${all.join('')}`;
}

/** Whose session it is. */
export function renderHead(summary: SessionSummary): string {
  const { id, principal, issuer, client, transport, openedAt, closedAt, calls, refused } = summary;
  return [
    `session    ${printable(id)}\n`,
    `principal  ${printable(principal)} (${printable(issuer)})\n`,
    `client     ${printable(client)} over ${printable(transport)}\n`,
    `opened     ${utc(openedAt)} UTC\n`,
    `closed     ${closedAt === null ? 'no' : `${utc(closedAt)} UTC`}\n`,
    `calls      ${calls} permitted, ${refused} refused\n`,
  ].join('');
}

/** One paragraph of it. */
export function renderEntry(entry: TimelineEntry, options: RenderOptions = {}): string {
  return `${paragraph(entry, painter(options), options).join('\n')}\n`;
}

/** A call of which nothing has come back yet. */
export function renderBegun({ index, time, tool }: TimelineCall, options: RenderOptions = {}): string {
  const paint = painter(options);
  return `${paint('dim', `#${index}`)}  ${utc(time)}  ${name(tool)} ${paint('dim', '…')}\n`;
}

function paragraph(entry: TimelineEntry, paint: Paint, options: RenderOptions): readonly string[] {
  const start = `${paint('dim', `#${entry.index}`)}  ${utc(entry.time)}  `;
  const below = (label: string, value: Json): readonly string[] =>
    value === null ? [] : [`      ${paint('dim', label)} ${payload(value, options)}`];
  const noMore = ({ gone }: { readonly gone: readonly string[] }): readonly string[] =>
    gone.map(
      (what) =>
        `      ${paint('dim', `${what} gone: erased, expired or missing; sallyport verify tells which`)}`,
    );
  switch (entry.kind) {
    case 'opened':
      return [`${start}session opened${groups(entry.event)}`];
    case 'closed':
      return [`${start}session closed${closing(entry.event)}`];
    case 'call':
      return [
        `${start}${name(entry.tool)} ${paint(outcomeColor(entry.outcome), name(entry.outcome))}${measures(entry)}`,
        `      ${paint('dim', 'call')} ${printable(entry.call ?? '')}${policies(entry.policies)}`,
        ...below('arguments', entry.arguments),
        ...below('result', entry.result),
        ...noMore(entry),
      ];
    case 'refused':
      return [
        `${start}${name(entry.tool)} ${paint('red', 'refused')} (${name(entry.cause)})${policies(entry.policies)}`,
        `      ${paint('dim', 'call')} ${printable(entry.call ?? '')}`,
        `      ${printable(entry.reason)}`,
        ...below('arguments', entry.arguments),
        ...noMore(entry),
      ];
    case 'held':
      return [
        `${start}${name(entry.tool)} ${paint('yellow', 'held')} (${name(entry.answer)}) for ${name(entry.approval)}`,
        `      ${paint('dim', 'call')} ${printable(entry.call ?? '')}`,
      ];
    case 'approval': {
      const { mood, headline, below: more } = approvalStory(entry);
      const color = mood === 'good' ? 'green' : mood === 'bad' ? 'red' : 'yellow';
      return [
        `${start}${paint(color, name(entry.approval))} ${headline}`,
        ...more.map((line) => `      ${line}`),
        ...below('arguments', entry.arguments),
        ...noMore(entry),
      ];
    }
    case 'other':
      return [
        `${start}${entry.type}${entry.type === 'call.outcome' ? paint('red', ' without an intent') : ''}`,
        ...below('event', entry.event),
      ];
  }
}

function measures(call: TimelineCall): string {
  if (call.outcomeIndex === null) return ' (no outcome on record)';
  const parts = [
    call.failure === null ? null : name(call.failure),
    call.rows === null ? null : `${call.rows} rows`,
    call.rowsAffected === null ? null : `${call.rowsAffected} rows changed`,
    call.outcomeEvent?.['truncated'] === undefined ? null : 'truncated',
    call.durationMs === null ? null : `${call.durationMs} ms`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? '' : `, ${parts.join(', ')}`;
}

function outcomeColor(outcome: string): Color {
  if (outcome === 'answered') return 'green';
  return outcome === 'unknown' ? 'yellow' : 'red';
}

function policies(ids: readonly string[]): string {
  return ids.length === 0 ? '' : ` by ${ids.map(name).join(', ')}`;
}

function groups(event: JsonObject): string {
  const list = event['groups'];
  return list === undefined ? '' : `, groups ${payload(list, {})}`;
}

function closing(event: JsonObject): string {
  const said = (['reason', 'calls', 'refused'] as const).flatMap((key) => {
    const value = event[key];
    return value === undefined
      ? []
      : [`${key} ${typeof value === 'string' ? name(value) : payload(value, {})}`];
  });
  return said.length === 0 ? '' : `: ${said.join(', ')}`;
}

function payload(value: Json, options: RenderOptions): string {
  const text = printableJson(value);
  return options.full === true ? text : shortened(text, PAYLOAD_LENGTH);
}

function painter(options: RenderOptions): Paint {
  return (color, text) => (options.color === true ? `\u001b[${CODES[color]}m${text}\u001b[0m` : text);
}
