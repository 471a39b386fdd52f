import { printable } from './printable.ts';
import { name, utc } from './render-parts.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { TimelineApproval } from './timeline.ts';

export interface ApprovalStory {
  readonly mood: 'good' | 'bad' | 'open';
  readonly headline: string;
  /** Lines below it. */
  readonly below: readonly string[];
}

/** A moment of a held call, in a person's words: who asked for what, who was asked, who said what, what came of it. */
export function approvalStory({ what, event, call }: TimelineApproval): ApprovalStory {
  const said = (key: string): string => one(event[key]);
  switch (what) {
    case 'requested':
      return {
        mood: 'open',
        headline: `requested by ${said('requester')} (${said('issuer')}): ${said('tool')} on ${said('connection')}, ${said('environment')}`,
        below: [
          `asks ${demands(event['demands'])} until ${time(event['expiresAt'])}`,
          ...words(event, 'reason'),
        ],
      };
    case 'asked':
      return { mood: 'open', headline: `asked ${said('whom')} through ${said('channel')}`, below: [] };
    case 'justified':
      return {
        mood: 'open',
        headline: `justified by ${said('by')} (${said('issuer')})`,
        below: words(event, 'justification'),
      };
    case 'decided':
      return {
        mood: event['approve'] === true ? 'good' : 'bad',
        headline:
          `${event['approve'] === true ? 'approved' : 'declined'} by ${said('by')} (${said('issuer')}) ` +
          `through ${said('channel')}, assurance ${said('assurance')}${period(event['grantMs'])}`,
        below: [`counts for ${list(event['policies'])}; now ${said('status')}`, ...words(event, 'comment')],
      };
    case 'expired':
      return {
        mood: 'bad',
        headline:
          event['because'] === 'superseded'
            ? `ended, ${said('was')}: policy asks for something else now`
            : `expired, ${said('was')}, at ${time(event['expiresAt'])}`,
        below: [],
      };
    case 'revoked':
      return {
        mood: 'bad',
        headline: `revoked by ${said('by')} (${said('issuer')})`,
        below: words(event, 'comment'),
      };
    case 'used':
      return {
        mood: 'good',
        headline: `used, ${said('uses')} in all`,
        below: [`call ${printable(call ?? '')}`],
      };
  }
}

function demands(value: Json | undefined): string {
  const all = listOf(value).map((demand) => {
    const { approvals, from, policy, assurance } = isObject(demand) ? demand : {};
    const high = assurance === 'high' ? ' with high assurance' : '';
    return `${one(approvals)} of ${one(from)} for ${one(policy)}${high}`;
  });
  return all.length === 0 ? 'nobody' : all.join(', ');
}

function words(event: JsonObject, key: string): readonly string[] {
  const text = event[key];
  return typeof text === 'string' && text !== '' ? [printable(text)] : [];
}

function period(value: Json | undefined): string {
  return typeof value === 'number' ? `, its shape for ${Math.round(value / 1000)} s` : '';
}

function time(value: Json | undefined): string {
  return typeof value === 'number' ? `${utc(value)} UTC` : 'an unknown time';
}

function list(value: Json | undefined): string {
  return listOf(value).map(one).join(', ');
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function one(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? name(String(value)) : '?';
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
