import type { Command } from 'commander';
import { collectGarbage, defaultGrace } from '../../../libs/artifacts/garbage/collect-garbage.js';
import { rootsOfEntries } from '../../../libs/artifacts/garbage/roots-of-entries.js';
import { openStore } from '../../../libs/artifacts/open-store.js';
import { paths } from '../../../libs/config/paths.js';
import { refusalEntryName, sealEntryName } from '../../../libs/evidence/seal-entry.js';
import type { Digest } from '../../../libs/protocol/digest.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import { registryPrefix } from '../../../libs/templates/registry/entry-names.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { deleteExpired } from '../garbage/delete-expired.js';
import { rootsOfOpenRuns } from '../garbage/roots-of-open-runs.js';
import { garbage } from '../render/garbage.js';

export function addGc(program: Command, cli: Cli): void {
  program
    .command('gc')
    .description(
      'show which archives are older than HEPTAD_RETENTION keeps them, and which artifacts no run needs; ' +
        'delete them with --yes',
    )
    .option('--yes', 'delete them')
    .action(
      cli.action(async ({ yes }: { yes?: true }) => {
        if (cli.serverGiven)
          throw new HeptadError('UsageInvalid', undefined, {
            problems: [
              {
                path: '--server',
                reason: 'Artifacts are collected in the data folder of this machine alone.',
              },
            ],
          });
        const store = openStore(paths(cli.config).artifacts);
        // Open runs come first: one that is sealed meanwhile is among the seals then.
        const open = await rootsOfOpenRuns(cli.api, store);
        const archives = await deleteExpired(cli.config, store, yes === true);
        const roots = async function* (): AsyncGenerator<Digest> {
          yield* open.roots;
          yield* rootsOfEntries(store, sealEntryName(''));
          // What could not be sealed is kept for whoever looks into it.
          yield* rootsOfEntries(store, refusalEntryName(''));
          // Runs can be started from what is registered, and from what is archived it can be again.
          yield* rootsOfEntries(store, registryPrefix);
        };
        // What a run that goes on has put away without naming it yet is not older than the run.
        const sinceOldest = open.since === null ? 0 : Date.now() - open.since;
        const grace = defaultGrace + sinceOldest;
        const report = await collectGarbage(store, roots(), { deleteThem: yes === true, grace });
        const answer = { ...report, openRuns: open.runs, archives };
        cli.answer(answer, () => garbage(answer));
        return exitCode.done;
      }),
    );
}
