import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { jasmineHelper, mochaReporter, nodeReporter } from './reporters.js';
import type { WorkingCopy } from './working-copy.js';

/**
 * Fills the folder of shims: for each test runner that we know, a small shell script that starts the real one and has
 * it report into files; for every other binary of the installed packages, a link.
 *
 * What a runner prints is for people and differs by version; the files are what is read.
 */
export function writeShims(copy: WorkingCopy, nodeModules: string): void {
  const binaries = join(nodeModules, '.bin');
  const installed = existsSync(binaries) ? readdirSync(binaries) : [];
  const reporters = {
    mocha: join(copy.folder, 'mocha-reporter.cjs'),
    node: join(copy.folder, 'node-reporter.mjs'),
  };
  writeFileSync(reporters.mocha, mochaReporter(copy.reports));
  writeFileSync(reporters.node, nodeReporter(copy.reports));
  const helpers = join(copy.folder, 'jasmine');
  mkdirSync(helpers);
  writeFileSync(join(helpers, 'heptad-helper.js'), jasmineHelper(copy.reports));
  const next = `${quoted(copy.reports)}/$(ls ${quoted(copy.reports)} | wc -l | tr -d ' ')`;
  const shims: Record<string, (real: string) => string> = {
    mocha: (real) => `exec ${real} "$@" --reporter ${quoted(reporters.mocha)}`,
    _mocha: (real) => `exec ${real} "$@" --reporter ${quoted(reporters.mocha)}`,
    tape: (real) => `report=${next}-tape.tap\n${real} "$@" > "$report"\ncode=$?\ncat "$report"\nexit $code`,
    'jasmine-node': (real) => `exec ${real} "$@" ${quoted(helpers)}`,
    jest: (real) => `report=${next}-jest.json\nexec ${real} "$@" --json --outputFile="$report"`,
    vitest: (real) => `report=${next}-vitest.json\nexec ${real} "$@" --reporter=json --outputFile="$report"`,
  };
  for (const name of installed) {
    const body = shims[name]?.(quoted(join(binaries, name)));
    const path = join(copy.shims, name);
    if (body !== undefined) writeScript(path, body);
    else if (name !== 'node' && statSync(join(binaries, name), { throwIfNoEntry: false })) {
      symlinkSync(join(binaries, name), path);
    }
  }
  writeScript(join(copy.shims, 'node'), nodeShim(reporters.node));
}

/**
 * Node with our reporter for `node:test`. A reporter that the command names would have to be paired with ours, so it
 * is dropped: what is printed does not matter.
 */
const nodeShim = (reporter: string): string => `count=$#
while [ "$count" -gt 0 ]; do
  argument=$1
  shift
  count=$((count - 1))
  case "$argument" in
    --test-reporter=* | --test-reporter-destination=*) ;;
    --test-reporter | --test-reporter-destination) shift; count=$((count - 1)) ;;
    *) set -- "$@" "$argument" ;;
  esac
done
NODE_OPTIONS="--test-reporter=${reporter} $NODE_OPTIONS"
export NODE_OPTIONS
exec ${quoted(process.execPath)} "$@"`;

const writeScript = (path: string, body: string): void =>
  writeFileSync(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });

const quoted = (path: string): string => `'${path.replaceAll("'", `'\\''`)}'`;
