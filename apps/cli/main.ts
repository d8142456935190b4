#!/usr/bin/env node
import { Command } from 'commander';
import { Cli } from './cli.js';
import { addAgents } from './commands/agents.js';
import { addCancel } from './commands/cancel.js';
import { addDecide } from './commands/decide.js';
import { addDemo } from './commands/demo.js';
import { addDiscoveries } from './commands/discoveries.js';
import { addDoctor } from './commands/doctor.js';
import { addGc } from './commands/gc.js';
import { addGoOn } from './commands/go-on.js';
import { addKeys } from './commands/keys.js';
import { addLint } from './commands/lint.js';
import { addLogs } from './commands/logs.js';
import { addMessages } from './commands/messages.js';
import { addNext } from './commands/next.js';
import { addPause } from './commands/pause.js';
import { addResume } from './commands/resume.js';
import { addRun } from './commands/run.js';
import { addRuns } from './commands/runs.js';
import { addShow } from './commands/show.js';
import { addTemplates } from './commands/templates/add-templates.js';
import { addUp } from './commands/up.js';
import { addVerify } from './commands/verify.js';
import { addWaive } from './commands/waive.js';
import { addWatch } from './commands/watch.js';
import { reportError } from './report-error.js';
import { openTerminal } from './terminal.js';

const terminal = openTerminal(process.stdout, process.stderr);
// Who reads no further, such as `head`, ends the command; there is nobody left to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(process.exitCode ?? 0);
});

const program = new Command('heptad')
  .description('Durable, verifiable runs of agents in seven phases.')
  .option('--json', 'print JSON, and nothing else, on standard output')
  .option('--server <url>', 'address of the service (default: from HEPTAD_API_HOST and HEPTAD_API_PORT)')
  .configureHelp({ showGlobalOptions: true })
  .configureOutput({ outputError: () => {} })
  .exitOverride()
  .addHelpText('after', '\nExit codes: 0 done, 1 failed or blocked, 2 usage, 3 not reachable.');

const cli = new Cli(program, terminal);
for (const add of [
  addDemo,
  addUp,
  addDoctor,
  addRun,
  addRuns,
  addShow,
  addDiscoveries,
  addWatch,
  addLogs,
  addMessages,
  addPause,
  addResume,
  addCancel,
  addWaive,
  addNext,
  addDecide,
  addGoOn,
  addTemplates,
  addAgents,
  addKeys,
  addVerify,
  addLint,
  addGc,
])
  add(program, cli);

try {
  await program.parseAsync();
  process.exitCode = cli.exitCode;
} catch (error) {
  process.exitCode = reportError(error, cli);
}
