import { setTimeout as pause } from 'node:timers/promises';
import { EXIT, type ExitCode } from './exit.ts';
import { operator } from './operator.ts';
import { untilStopped } from './signals.ts';
import { playSession } from '../app/play-session.ts';
import type { Output } from './output.ts';
import type { Configuration } from '../app/configuration.ts';

/** How a session is played. */
interface How {
  /** How many times as fast as it was; null for no waiting. */
  readonly times: number | null;
  readonly full: boolean;
  readonly color: boolean;
}

/** Plays a session in the terminal. A signal to stop ends it between two lines. */
export async function play(
  configuration: Configuration,
  id: string,
  period: { readonly from: number; readonly to: number },
  { times, full, color }: How,
  output: Output,
): Promise<ExitCode> {
  const playing = await playSession(configuration, id, period, times, { full, color }, operator());
  if (playing === null) return noSession(id, output);
  const stopped = new AbortController();
  void untilStopped().then(() => stopped.abort());
  output.out(`${playing.head}\n`);
  for (const { waitMs, text } of playing.beats) {
    try {
      if (waitMs > 0) await pause(waitMs, undefined, { signal: stopped.signal });
    } catch (error) {
      if (!stopped.signal.aborted) throw error;
    }
    if (stopped.signal.aborted) break;
    output.out(text);
  }
  return EXIT.ok;
}

export function noSession(id: string, output: Output): ExitCode {
  output.err(`sallyport: there is no session "${id}"; list them with: sallyport sessions list\n`);
  return EXIT.noInput;
}
