import { isDigest } from '../../../libs/protocol/digest.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { revokeEverywhere } from './revoke-everywhere.js';
import { usageInvalid } from './usage.js';

/** @throws HeptadError `KeyUnknown` */
export async function revoke(
  cli: Cli,
  keyid: string,
  { reason }: { readonly reason: string },
): Promise<number> {
  if (!isDigest(keyid)) throw usageInvalid('<keyid>', 'Expected sha256: and 64 hexadecimal digits.');
  if (reason.trim() === '') throw usageInvalid('--reason', 'Say why.');
  const { key, files } = await revokeEverywhere(cli.config, keyid, reason);
  cli.answer({ key, files }, () =>
    [
      `Nothing that ${keyid} of ${key.identity} signed counts any more, by:`,
      ...files.map((file) => `  ${file}`),
      `Others learn it from what \`heptad keys export\` prints. \`heptad keys rotate ${key.identity}\` makes a new key.`,
    ].join('\n'),
  );
  return exitCode.done;
}
