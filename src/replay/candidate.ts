import type { InspectedCall } from '../inspect/inspect-call.ts';
import type { MaskingRules } from '../masking/rules.ts';
import type { JsonObject } from '../model/json.ts';
import type { Tool } from '../model/tool.ts';
import type { PolicySet } from '../policy/policy-set.ts';

/** The rules under which calls are decided again. */
export interface Candidate {
  readonly digest: string;
  readonly parts: RulesParts;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly validators: ReadonlyMap<string, (args: JsonObject) => { readonly ok: boolean }>;
  readonly policies: PolicySet;
  readonly masking: MaskingRules;
}

/** Digests of what rules are made of. */
export interface RulesParts {
  readonly skills: string;
  readonly policies: string;
  readonly masking: string;
  readonly patterns: string;
}

/** What the record and the parsers are asked for. There is no way from here to a backend. */
export interface Sandbox {
  /** Null where the record has no opening of this session. */
  readonly session: (id: string) => Promise<RecordedSession | null>;
  /** What the rules of this digest were made of; null where the record does not say. */
  readonly partsOf: (rules: string) => RulesParts | null;
  readonly inspect: (tool: Tool, args: JsonObject, texts: boolean) => Promise<InspectedCall>;
}

export interface RecordedSession {
  readonly kind: 'user' | 'service';
  readonly issuer: string;
  readonly groups: readonly string[];
  /** False where there was no room for all of them. */
  readonly allGroups: boolean;
}
