import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { RunView } from '../../../libs/contracts/run.js';
import type { Stack } from '../../local/stack.js';
import { aborted } from '../aborted.js';
import type { Cli } from '../cli.js';
import { type Evidence, readEvidence, standingsOf } from '../client/read-evidence.js';
import { demoRequest } from '../demo-request.js';
import { exitCodeOfState } from '../exit-code.js';
import { interruptible } from '../interrupted.js';
import { mergedOf } from '../render/candidates.js';
import { demoSummary } from '../render/demo-summary.js';
import { watchRun } from '../watch-run.js';

export function addDemo(program: Command, cli: Cli): void {
  program
    .command('demo')
    .description('take a real package through the seven phases, with a stack of its own where none runs')
    .option('--keep', 'leave the stack running afterwards, until Ctrl-C')
    .action(
      cli.action(async ({ keep }: { keep?: true }) => {
        const stack = await stackWhereNoneRuns(cli);
        return interruptible(stack === undefined ? runGoesOn : stackStopped, async (signal) => {
          let stopped = false;
          const stop = async (): Promise<void> => {
            if (stack === undefined || stopped) return;
            stopped = true;
            cli.terminal.err('Stopping the stack.');
            await stack.stop();
          };
          try {
            const { view, evidence } = await runDemo(cli, signal);
            // Whoever watches is to have the summary last, so what is said while the stack stops comes before.
            if (keep !== true) await stop();
            const next = whereToLook(stack !== undefined, keep === true, view.links.temporal);
            tell(cli, view, evidence, next);
            if (stack !== undefined && keep === true) await aborted(signal);
            return exitCodeOfState(view.state);
          } finally {
            await stop();
          }
        });
      }),
    );
}

const runGoesOn = 'The run goes on; `heptad runs` lists it.';
const stackStopped = 'The stack was stopped; the run goes on at its next start, such as by `npm start`.';

/** The stack that was started for this; undefined where the service answers already. */
async function stackWhereNoneRuns(cli: Cli): Promise<Stack | undefined> {
  if (cli.serverGiven || (await cli.api.answers())) return undefined;
  cli.say('Starting Temporal, the workers and the API.');
  const { startStack } = await import('../../local/stack.js');
  const onAnswer = (what: string, address: string): void => cli.say(`${what.padEnd(16)} ${address}`);
  return startStack({ config: cli.config, onAnswer, say: (line) => cli.terminal.err(line) });
}

async function runDemo(cli: Cli, signal: AbortSignal): Promise<{ view: RunView; evidence: Evidence }> {
  const { api, terminal } = cli;
  const accepted = await api.startRun(demoRequest, randomUUID());
  const { links } = await api.run(accepted.id);
  cli.say(`Run              ${api.address}/v1/runs/${accepted.id}`);
  if (links.temporal !== null) cli.say(`Run in Web UI    ${links.temporal}`);
  cli.say('');
  const as = cli.json ? 'nothing' : terminal.live ? 'live' : 'lines';
  const view = await watchRun(api, accepted.id, terminal, { until: 'sealed', signal, as });
  return { view, evidence: await readEvidence(api, accepted.id) };
}

function tell(cli: Cli, view: RunView, evidence: Evidence, next: string): void {
  const { colors, columns } = cli.terminal;
  cli.answer({ run: view, ...jsonOf(evidence) }, () =>
    demoSummary(view, evidence, { colors, columns, next }),
  );
}

const jsonOf = (evidence: Evidence): Record<string, unknown> => {
  const { standings, best } = standingsOf(evidence);
  return {
    candidates: standings,
    best,
    merged: mergedOf(evidence),
    verdicts: evidence.records.map(({ phase, round, verdicts, notRun }) => ({
      phase,
      round,
      verdicts,
      notRun,
    })),
  };
};

function whereToLook(own: boolean, keep: boolean, link: string | null): string {
  const open = link === null ? 'look at the run in the Web UI' : `open ${link}`;
  if (!own) return `To look at the run: ${open}`;
  return keep
    ? `The stack runs until Ctrl-C. To look at the run: ${open}`
    : `To look at the run: npm start, then ${open}`;
}
