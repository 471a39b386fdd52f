import type { Approval } from '../model/approval.ts';
import type { JsonObject } from '../model/json.ts';

/** What a program is told of a request. Everything in it is masked already. */
export function webhookEvent({ request, justification }: Approval, url: string, now: number): JsonObject {
  const { id, requester, client, tool, connection, environment, reason, facts, demands, expiresAt } = request;
  return {
    type: 'approval.requested',
    timestamp: new Date(now).toISOString(),
    data: {
      approval: id,
      requester: requester.id,
      client,
      tool,
      connection,
      environment,
      reason,
      arguments: request.arguments,
      facts,
      asks: demands.map(({ from, approvals, assurance }) => ({
        from,
        approvals,
        ...(assurance === undefined ? {} : { assurance }),
      })),
      ...(justification === null ? {} : { justification }),
      expires: new Date(expiresAt).toISOString(),
      url,
    },
  };
}

const MAX_SHOWN = 2000;

/** What people are shown in Slack: https://api.slack.com/reference/surfaces/formatting. */
export function slackMessage({ request, justification }: Approval, url: string): JsonObject {
  const { id, requester, client, tool, connection, environment, reason, expiresAt } = request;
  const who = plain(`${requester.id} asks, through ${client}: ${tool} on ${connection} (${environment})`);
  const shown = plain(JSON.stringify(request.arguments, null, 1).slice(0, MAX_SHOWN)).replaceAll('`', "'");
  const until = new Date(expiresAt).toISOString();
  const why = justification === null ? '' : `\nWhy they need it: ${plain(justification)}`;
  return {
    text: `${who}. ${plain(reason)}`,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: `*${who}*\n${plain(reason)}${why}` } },
      { type: 'section', text: { type: 'mrkdwn', text: `\`\`\`${shown}\`\`\`` } },
      { type: 'context', elements: [{ type: 'mrkdwn', text: `${plain(id)} · until ${until}` }] },
      {
        type: 'actions',
        elements: [{ type: 'button', text: { type: 'plain_text', text: 'Review' }, url }],
      },
    ],
  };
}

/** An agent wrote part of it: without these three, nothing in it can become a link or a mention. */
function plain(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
