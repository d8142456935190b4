import { mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { linkProblem } from '../../../../libs/artifacts/snapshot/link-problem.js';
import { temporaryFolder } from '../temporary-folder.js';

const name = fc.constantFrom('a', 'b', 'c');
const path = fc.array(name, { minLength: 1, maxLength: 2 }).map((parts) => parts.join('/'));
const target = fc.array(fc.constantFrom('a', 'b', 'c', '..', '..', '.'), { minLength: 1, maxLength: 4 });

it('lets no set of links through of which one leads out, as the file system resolves it', () => {
  const base = realpathSync(temporaryFolder());
  let passed = 0;
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(path, target), { minLength: 1, maxLength: 5, selector: ([at]) => at }),
      (pairs) => {
        const root = join(base, 'x/y/z/root');
        mkdirSync(root, { recursive: true });
        try {
          const links = new Map<string, string>();
          for (const [at, parts] of pairs) {
            const parents = at.split('/').map((_, n, all) => all.slice(0, n).join('/'));
            if (
              parents.some((parent) => links.has(parent)) ||
              [...links.keys()].some((one) => one.startsWith(`${at}/`))
            )
              continue;
            links.set(at, parts.join('/'));
            mkdirSync(dirname(join(root, at)), { recursive: true });
          }
          for (const [at, to] of links) symlinkSync(to, join(root, at));
          for (const [at, to] of links) if (linkProblem(at, to, links) !== undefined) return;
          for (const at of links.keys()) {
            const real = resolved(join(root, at));
            if (real === undefined) continue;
            passed += 1;
            expect(`${real}${sep}`.startsWith(`${root}${sep}`)).toBe(true);
          }
        } finally {
          rmSync(join(base, 'x'), { recursive: true, force: true });
        }
      },
    ),
    { numRuns: 700 },
  );
  expect(passed).toBeGreaterThan(20);
});

function resolved(at: string): string | undefined {
  try {
    // The kernel answers; the one of JavaScript would take ".." by name.
    return realpathSync.native(at);
  } catch {
    return undefined;
  }
}
