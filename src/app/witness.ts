import { parseListen } from '../config/listen.ts';
import { serveWitness, type Witness } from '../witness/serve-witness.ts';

export interface WantedWitness {
  /** host:port */
  readonly listen: string;
  readonly state: string;
  readonly logs: readonly string[];
  readonly name: string | null;
}

/** Starts the witness that ships. Throws where it can't be, with a message for a person. */
export async function startWitness({ listen, state, logs, name }: WantedWitness): Promise<Witness> {
  const address = parseListen(listen);
  if (address === undefined) throw new TypeError('--listen: expected host:port, for example 127.0.0.1:8450');
  return await serveWitness({ listen: address, state, logs, name, now: Date.now });
}
