import { copyOf } from '../shell-state.ts';
import type { Call } from '../call.ts';
import type { Field } from '../field.ts';
import type { Stream } from '../stream.ts';

/** Runs what another program runs: no function of this shell, and nothing it sets is seen here afterwards. */
export function external(call: Call, argv: readonly Field[], input: Stream): Stream {
  const state = { ...copyOf(call.state), functions: new Map(), sure: new Set<string>() };
  return call.walk.program(argv, state, input);
}
