import { readSession } from './read-record.ts';
import { playback } from '../sessions/playback.ts';
import { renderBegun, renderEntry, renderHead, type RenderOptions } from '../sessions/render.ts';
import type { Configuration } from './configuration.ts';

/** A session as text, with the pauses in between. */
export interface Playing {
  readonly head: string;
  readonly beats: readonly { readonly waitMs: number; readonly text: string }[];
}

/**
 * @param period epoch milliseconds; only what was recorded in it, without its end.
 * @param times how many times as fast as it was; null for no waiting.
 * @param by who looks, for the record.
 * @returns null where there is no such session.
 */
export async function playSession(
  configuration: Configuration,
  id: string,
  { from, to }: { readonly from: number; readonly to: number },
  times: number | null,
  options: RenderOptions,
  by: string,
): Promise<Playing | null> {
  const story = await readSession(configuration, id, by);
  if (story === null) return null;
  const entries = story.entries.filter(({ time }) => time >= from && time < to);
  const beats = playback(entries, times).map(({ waitMs, passedMs, shows }) => {
    const line =
      shows.kind === 'begun' ? renderBegun(shows.call, options) : renderEntry(shows.entry, options);
    return { waitMs, text: passedMs === null ? line : `      (${duration(passedMs)} pass)\n${line}` };
  });
  return { head: renderHead(story.summary), beats };
}

function duration(ms: number): string {
  if (!Number.isFinite(ms)) return 'nobody knows how long';
  const [seconds, minutes] = [Math.round(ms / 1000), Math.round(ms / 60_000)];
  if (seconds < 120) return `${seconds} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
