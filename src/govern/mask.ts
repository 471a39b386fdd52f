import { maskResult, maskText } from '../masking/mask.ts';
import { wordsOnly } from '../masking/server-words.ts';
import { mayWrite } from '../model/facts.ts';
import type { Received } from './received.ts';
import type { Stations } from './stations.ts';
import type { BackendFailure, Execution, Masked, MaskedResult } from '../model/result.ts';
import type { PermittedCall, ToolCall } from '../model/tool-call.ts';

const NOTHING_UNMASKED: ReadonlySet<string> = new Set();

/** An execution of which no value can be read any more without having been masked. */
export type MaskedExecution =
  | {
      readonly kind: 'result';
      /** For the agent: what policy lets this principal see is shown. */
      readonly answer: MaskedResult;
      /** For the record: nothing is shown, whoever called. */
      readonly record: MaskedResult;
    }
  | {
      readonly kind: 'failure';
      readonly failure: BackendFailure;
      readonly message: Masked<string>;
      readonly unknown: boolean;
    }
  | { readonly kind: 'withheld' }
  /** The result holds a class that may not leave, not even masked. */
  | { readonly kind: 'blocked'; readonly classes: readonly string[] };

/** Masks what came back. A mask that throws withholds the result: better none than a bare one. */
export function mask(
  permitted: PermittedCall,
  execution: Execution,
  received: Received,
  stations: Stations,
): MaskedExecution {
  const { masking, policies } = received.rules;
  const { call, facts } = permitted;
  const revealed = Object.values(permitted.revealed);
  try {
    if (!execution.ok) {
      const message = maskText(said(execution.message, call), masking, revealed);
      // A read that was cut off changed nothing; a write that was cut off may have.
      const unknown = execution.ran === 'maybe' && mayWrite(facts);
      return { kind: 'failure', failure: execution.failure, message, unknown };
    }
    const how = {
      columnClasses: call.tool.columnClasses,
      binaryColumns: call.tool.binaryColumns,
      resultColumns: facts.sql?.resultColumns ?? null,
      tool: call.tool.name,
      fixedStatement: 'statement' in call.tool.action,
      revealed,
      pseudonyms: stations.pseudonyms(masking.pseudonymsWithin === 'session' ? call.session : 'store'),
    };
    const record = maskResult(execution.result, { ...how, unmasked: NOTHING_UNMASKED }, masking);
    const unmasked = policies.unmasked(call.principal, call.tool);
    const answer = unmasked.size === 0 ? record : maskResult(execution.result, { ...how, unmasked }, masking);
    const classes = blockedIn(answer);
    return classes.length > 0 ? { kind: 'blocked', classes } : { kind: 'result', answer, record };
  } catch (error) {
    stations.alarm(received.id, 'mask', error);
    return { kind: 'withheld' };
  }
}

function blockedIn({ report }: MaskedResult): readonly string[] {
  return [...new Set(report.findings.filter(({ did }) => did === 'block').map(({ class: of }) => of))];
}

/** An error of a statement that the agent wrote is of the agent's making: it may carry a value in disguise. */
function said(message: string, { tool, arguments: args }: ToolCall): string {
  if (!('from' in tool.action)) return message;
  const statement = args[tool.action.from];
  return wordsOnly(message, typeof statement === 'string' ? statement : '');
}
