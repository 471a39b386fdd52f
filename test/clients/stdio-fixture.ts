import { serveStdio } from '../../src/server/stdio.ts';
import { createFixtureGateway } from './fixture-gateway.ts';

/**
 * The process that stdio tests start. What its gateway saw goes to standard error, one JSON line at the end; on
 * SIGUSR2 its list of tools changes.
 */
const gateway = createFixtureGateway({
  localUser: process.argv[2] !== 'nobody',
  approvals: process.argv[2] === 'approvals',
});
const front = await serveStdio({
  gateway,
  stdin: process.stdin,
  stdout: process.stdout,
  log: (level, fields, message) => process.stderr.write(`${JSON.stringify({ level, message, ...fields })}\n`),
});
process.on('SIGUSR2', () => gateway.addTool('late'));
await front.closed;
const { calls, aborted, ended, refusals } = gateway;
const { decided } = gateway.approvals;
process.stderr.write(`${JSON.stringify({ calls, aborted, ended, refusals, decided })}\n`);
process.exit(0);
