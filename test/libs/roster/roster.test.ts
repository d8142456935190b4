import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agentManifestSchema } from '../../../libs/contracts/agent.js';
import { roster } from '../../../libs/roster/roster.js';

const builtin = join(import.meta.dirname, '../../../libs/agents/builtin');

test.each(roster.map((manifest) => [manifest.id, manifest] as const))(
  'the manifest %s is complete',
  (_id, manifest) => {
    expect(agentManifestSchema.parse(manifest)).toEqual(manifest);
  },
);

test('ids are unique', () => {
  expect(new Set(roster.map(({ id }) => id)).size).toBe(roster.length);
});

test('every program of ours exists', () => {
  for (const { driver } of roster) {
    if (driver.kind === 'builtin') expect(existsSync(join(builtin, driver.program, 'main.ts'))).toBe(true);
  }
});

test.each([
  'analyse.architecture',
  'analyse.code',
  'analyse.infrastructure',
  'improve.biome',
  'improve.oxlint',
  'improve.eslint',
  'validate.candidate',
  'implement.core',
  'implement.integration',
  'implement.support',
  'assess.complexity',
  'assure.performance',
  'assure.documentation',
  'assure.end-to-end',
  'assure.deployment',
  'analyse.change',
  'implement.change',
  'validate.change',
])('%s has an agent and a backup', (capability) => {
  expect(roster.filter(({ capabilities }) => capabilities.includes(capability)).length).toBeGreaterThan(1);
});

test('only improvers get the workspace writable', () => {
  expect(new Set(roster.filter(({ writes }) => writes).map(({ role }) => role))).toEqual(
    new Set(['improver']),
  );
});
