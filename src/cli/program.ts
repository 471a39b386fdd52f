import { Command, CommanderError } from 'commander';
import { addApprovals } from './approvals.ts';
import { addCheck } from './check.ts';
import { addEvidence } from './evidence.ts';
import { addExplain } from './explain.ts';
import { addInit } from './init.ts';
import { addInspect } from './inspect.ts';
import { addKeys } from './keys.ts';
import { addLog } from './log.ts';
import { addMask } from './mask.ts';
import { addServe } from './serve.ts';
import { addSessions } from './sessions.ts';
import { addStdio } from './stdio.ts';
import { addStore } from './store.ts';
import { addToken } from './token.ts';
import { addVerify } from './verify.ts';
import { addWitness } from './witness.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { RecordProblem } from '../app/read-record.ts';
import { VERSION } from '../app/version.ts';
import type { Output } from './output.ts';

/** What a command is given: where to write, and what to leave behind as its exit code. */
export interface CommandContext {
  readonly output: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Runs a command's work and keeps its exit code. */
  readonly run: (work: () => Promise<ExitCode>) => Promise<void>;
}

const DESCRIPTION =
  'A governance server for AI agents: every tool call identified, decided, masked and on record.';

/** Runs one command line to its end and returns its exit code. Never throws. */
export async function runProgram(
  argv: readonly string[],
  output: Output,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const context: CommandContext = {
    output,
    env,
    async run(work) {
      code = await work();
    },
  };
  const program = new Command('sallyport')
    .description(DESCRIPTION)
    .version(VERSION)
    .showHelpAfterError('(add --help for what the command takes)')
    .exitOverride()
    .configureOutput({ writeOut: output.out, writeErr: output.err });
  addServe(program, context);
  addStdio(program, context);
  addInit(program, context);
  addCheck(program, context);
  addExplain(program, context);
  addInspect(program, context);
  addMask(program, context);
  addToken(program, context);
  addKeys(program, context);
  addApprovals(program, context);
  addSessions(program, context);
  addVerify(program, context);
  addEvidence(program, context);
  addStore(program, context);
  addLog(program, context);
  addWitness(program, context);
  inheritSettings(program);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    // Help and version end by throwing, too, with code 0; commander has printed what there is to say.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    output.err(`sallyport: ${error instanceof Error ? error.message : String(error)}\n`);
    if (!(error instanceof RecordProblem)) return EXIT.internal;
    return error.reason === 'missing' ? EXIT.noInput : EXIT.unavailable;
  }
}

function inheritSettings(program: Command): void {
  for (const command of program.commands) {
    command.copyInheritedSettings(program);
    inheritSettings(command);
  }
}
