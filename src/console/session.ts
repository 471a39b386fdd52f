import { createHash, timingSafeEqual } from 'node:crypto';

/** A person who signed in. The token stays here and is verified again at every request. */
export interface ConsoleSession {
  readonly token: string;
  /** How they proved who they are. */
  readonly proof: 'oidc' | 'dev_token';
  /** In every form of this session: a page of another site can't know it. */
  readonly csrf: string;
}

export interface ConsoleSessions {
  /** Begins a session under a new id, whatever the browser sent before: nobody can hand out an id in advance. */
  begin(person: string, token: string, proof: ConsoleSession['proof']): string;
  find(id: string | null): ConsoleSession | null;
  end(id: string | null): void;
}

export interface SessionOptions {
  readonly now: () => number;
  /** So many random bytes, base64url. */
  readonly random: (bytes: number) => string;
}

/** Milliseconds. A reviewer who is away for half an hour signs in again, and everybody once a shift. */
const IDLE = 30 * 60_000;
export const ABSOLUTE = 8 * 3_600_000;
const MOST = 5_000;
const MOST_PER_PERSON = 16;

interface Held extends ConsoleSession {
  readonly person: string;
  readonly begun: number;
  readonly seen: number;
}

/** Sessions in memory: with the process they end, and people sign in again. */
export function createSessions({ now, random }: SessionOptions): ConsoleSessions {
  // By digest of the id, the longest unused first: what leaks from here is no cookie.
  const held = new Map<string, Held>();

  function lives({ begun, seen }: Held): boolean {
    return now() - seen < IDLE && now() - begun < ABSOLUTE;
  }

  function makeRoom(person: string): void {
    for (const [key, session] of held) if (!lives(session)) held.delete(key);
    const theirs = [...held].filter(([, session]) => session.person === person);
    for (const [key] of theirs.slice(0, Math.max(0, theirs.length - MOST_PER_PERSON + 1))) held.delete(key);
    for (const key of held.keys()) {
      if (held.size < MOST) break;
      held.delete(key);
    }
  }

  return {
    begin(person, token, proof) {
      makeRoom(person);
      const id = random(32);
      held.set(keyOf(id), { token, proof, person, csrf: random(32), begun: now(), seen: now() });
      return id;
    },
    find(id) {
      if (id === null) return null;
      const key = keyOf(id);
      const session = held.get(key);
      if (session === undefined) return null;
      held.delete(key);
      if (!lives(session)) return null;
      held.set(key, { ...session, seen: now() });
      return session;
    },
    end(id) {
      if (id !== null) held.delete(keyOf(id));
    },
  };
}

/** Whether the form is one that this session was given. */
export function carriesToken(session: ConsoleSession, given: string | null): boolean {
  // Digests have one length, which is what the comparison wants.
  return given !== null && timingSafeEqual(digest(given), digest(session.csrf));
}

function keyOf(id: string): string {
  return digest(id).toString('base64');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
