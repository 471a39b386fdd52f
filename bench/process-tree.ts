/** CPU and memory of a process and all it started, from /proc. */
import { readdirSync, readFileSync } from 'node:fs';

export interface TreeUsage {
  /** Milliseconds of CPU, to a clock tick of 10 ms: measure over seconds. */
  readonly mainThreadMs: number;
  readonly otherThreadsMs: number;
  readonly childrenMs: number;
  readonly rssMiB: number;
  readonly childrenRssMiB: number;
}

const TICK_MS = 10;
const PAGE_MIB = 4096 / 2 ** 20;

export function usageOf(pid: number): TreeUsage {
  const whole = cpuMs(`/proc/${pid}/stat`);
  const main = cpuMs(`/proc/${pid}/task/${pid}/stat`);
  const children = descendants(pid);
  return {
    mainThreadMs: main,
    otherThreadsMs: whole - main,
    childrenMs: sum(children.map((child) => cpuMs(`/proc/${child}/stat`))),
    rssMiB: rssMiB(pid),
    childrenRssMiB: sum(children.map(rssMiB)),
  };
}

export function cpuBetween(before: TreeUsage, after: TreeUsage): number {
  return (
    after.mainThreadMs -
    before.mainThreadMs +
    (after.otherThreadsMs - before.otherThreadsMs) +
    (after.childrenMs - before.childrenMs)
  );
}

function descendants(pid: number): readonly number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    read(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean).map(Number),
  );
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** User and system time. The name of the program, in brackets, may hold spaces. */
function cpuMs(path: string): number {
  const stat = read(path);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * TICK_MS;
}

function rssMiB(pid: number): number {
  return Number(read(`/proc/${pid}/statm`).split(' ')[1] ?? 0) * PAGE_MIB;
}

/** Empty where the process has just ended. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
