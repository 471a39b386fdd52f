import {
  inputRequired,
  isSpecType,
  type InputRequest,
  type InputRequiredResult,
} from '@modelcontextprotocol/server';
import type { InputRequired } from './answer.ts';
import type { ElicitationParams } from './elicitation.ts';

/** The same result in the SDK's types, which hold the schemas of forms to what the revision allows. */
export function toInputRequiredResult({ inputRequests, ...result }: InputRequired): InputRequiredResult {
  const requests = Object.entries(inputRequests).map(
    ([key, { params }]) => [key, toRequest(params)] as const,
  );
  return { ...result, inputRequests: Object.fromEntries(requests) };
}

function toRequest(params: ElicitationParams): InputRequest {
  if (params.mode === 'url') return inputRequired.elicitUrl({ message: params.message, url: params.url });
  if (!isSpecType.ElicitRequestFormParams(params)) {
    throw new Error('the gateway asks by a form whose schema MCP does not allow');
  }
  return inputRequired.elicit(params);
}
