import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { table } from '../render/table.js';
import { type ListedKey, listKeys } from './list-keys.js';

const columns = ['identity', 'state', 'since', 'trusted by', 'key'].map((head) => ({ head }));

export async function showKeys(cli: Cli): Promise<number> {
  const keys = await listKeys(cli.config);
  cli.answer({ keys }, () =>
    keys.length === 0 ? 'No keys.' : table(columns, keys.map(row), cli.terminal.colors),
  );
  return exitCode.done;
}

const row = ({ identity, state, since, pinnedBy, keyid }: ListedKey): string[] => [
  identity,
  state,
  since,
  pinnedBy.join(', '),
  keyid,
];
