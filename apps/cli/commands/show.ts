import type { Command } from 'commander';
import { sizeOf } from '../../../libs/artifacts/garbage/size-of.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { paths } from '../../../libs/config/paths.js';
import type { RunArtifact } from '../../../libs/contracts/run.js';
import type { Cli } from '../cli.js';
import { readEvidence, standingsOf } from '../client/read-evidence.js';
import { exitCode } from '../exit-code.js';
import { folderSize } from '../folder-size.js';
import { mergedOf } from '../render/candidates.js';
import { type RunDetails, runDetails } from '../render/run-details.js';

export function addShow(program: Command, cli: Cli): void {
  program
    .command('show')
    .description('show a run: phases, items, candidates, verdicts, size on disk')
    .argument('<run>', 'id of the run')
    .action(
      cli.action(async (id: string) => {
        const run = await cli.api.run(id);
        const [evidence, progress, kpis] = await Promise.all([
          readEvidence(cli.api, id),
          cli.api.progress(id),
          cli.api.kpis(id),
        ]);
        const { artifacts, records } = evidence;
        const { standings, best } = standingsOf(evidence);
        const details: RunDetails = {
          run,
          candidates: standings,
          best,
          merged: mergedOf(evidence),
          verdicts: records.map(({ phase, round, verdicts, notRun }) => ({ phase, round, verdicts, notRun })),
          progress,
          kpis,
          artifacts,
          size: {
            package: run.package === null ? null : await folderSize(run.package),
            artifacts: await artifactsSize(cli, artifacts),
          },
        };
        const { colors, columns } = cli.terminal;
        cli.answer(details, () => runDetails(details, { now: Date.now(), colors, columns }));
        return exitCode.done;
      }),
    );
}

/** What a run's artifacts and all that they name take in the store; null where that is not on this machine. */
async function artifactsSize(
  cli: Cli,
  artifacts: readonly RunArtifact[],
): Promise<RunDetails['size']['artifacts']> {
  const store = openStore(paths(cli.config).artifacts);
  const [first] = artifacts;
  if (first === undefined || !(await store.has(first.digest))) return null;
  return sizeOf(
    store,
    artifacts.map(({ digest }) => digest),
  );
}
