import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { ifThere } from '../../../libs/artifacts/if-there.js';
import { callerFolder } from '../../../libs/config/caller-folder.js';
import { userTrustFile } from '../../../libs/config/user-folder.js';
import type { PinnedKey } from '../../../libs/contracts/signature.js';
import { readKeyList } from '../../../libs/crypto/key-list.js';
import { isDigest } from '../../../libs/protocol/digest.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import type { Cli } from '../cli.js';
import { exitCode } from '../exit-code.js';
import { packageReport } from '../render/package-report.js';

interface VerifyOptions {
  readonly key: readonly string[];
  readonly expectRun?: string;
  readonly expectSubject?: string;
  readonly allowUnknownKey?: true;
  readonly identity?: string;
  readonly replay: boolean;
}

/** Needs this program and the package: no service, no network, no sources, no settings. */
export function addVerify(program: Command, cli: Cli): void {
  program
    .command('verify')
    .description('check a package offline: what is proven, what failed, and what cannot be checked')
    .argument('<path>', "the package's folder, or an archive of it: .tar or .tar.age")
    .option(
      '--key <file or id>',
      'a list of public keys, or the id of one, to trust instead of the pinned ones; can be repeated',
      (one: string, before: readonly string[]) => [...before, one],
      [],
    )
    .option('--expect-run <id>', 'the run that it must be of')
    .option('--expect-subject <title>', 'the subject that it must be of, such as npm:ejs@1.0.0')
    .option('--allow-unknown-key', 'be content with integrity where nothing is known of the origin')
    .option('--identity <file>', 'the age identity by which an archive is decrypted')
    .option('--no-replay', 'execute nothing of the package: its histories are not replayed')
    .action(
      cli.action(async (path: string, options: VerifyOptions) => {
        // Loaded where it is needed: it brings the codecs of histories and manifests, of which no other command has a use.
        const { checkPackage } = await import('../../../libs/package-check/check-package.js');
        const { replayHistories } = await import('../../../libs/package-check/replay/replay-histories.js');
        const place = resolve(callerFolder(), path);
        const checking = {
          ...(await trusted(options.key)),
          expectRun: options.expectRun,
          expectSubject: options.expectSubject,
          allowUnknownKey: options.allowUnknownKey,
          ...(options.replay ? { replay: replayHistories } : {}),
        };
        const report = await withPackageFolder(place, options.identity, (folder) =>
          checkPackage(folder, checking),
        );
        const answer = { ...report, path: place };
        cli.answer(answer, () => packageReport(answer, cli.terminal.colors));
        return report.proven ? exitCode.done : exitCode.failed;
      }),
    );
}

/** Runs a check on the folder of a package; an archive is unpacked into a temporary one first. */
async function withPackageFolder<T>(
  path: string,
  identity: string | undefined,
  check: (folder: string) => Promise<T>,
): Promise<T> {
  if (!/\.(tar|age)$/.test(path)) return await check(path);
  const temporary = await mkdtemp(join(tmpdir(), 'heptad-verify-'));
  try {
    return await check(await unpacked(path, identity, temporary));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function unpacked(path: string, identity: string | undefined, into: string): Promise<string> {
  const { decryptPackage, unpackPackage } = await import('../../../libs/delivery/unpack.js');
  if (!path.endsWith('.age')) return await unpackPackage(path, into);
  if (identity === undefined)
    throw new HeptadError('UsageInvalid', undefined, {
      problems: [
        { path: '--identity', reason: 'The archive is encrypted: name the file with your age identity.' },
      ],
    });
  return await decryptPackage(path, resolve(callerFolder(), identity), into);
}

/** The keys that are given, else those that the user has pinned. */
async function trusted(given: readonly string[]): Promise<{ pinned: PinnedKey[]; keyids: string[] }> {
  if (given.length === 0) return { pinned: (await readKeyList(userTrustFile()))?.keys ?? [], keyids: [] };
  const pinned: PinnedKey[] = [];
  const keyids: string[] = [];
  for (const one of given) {
    if (isDigest(one)) {
      keyids.push(one);
      continue;
    }
    const list = await ifThere(readKeyList(resolve(callerFolder(), one)));
    if (!list)
      throw new HeptadError('UsageInvalid', undefined, {
        problems: [
          { path: '--key', reason: `${one} is neither the id of a key nor a file with a list of keys.` },
        ],
      });
    pinned.push(...list.keys);
  }
  return { pinned, keyids };
}
