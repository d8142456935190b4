import { fixWithBiome } from '../linters/biome.js';
import { eslintRules, fixWithEslint } from '../linters/eslint.js';
import { fixWithOxlint } from '../linters/oxlint.js';
import { biomeTool, oxlintTool, versionOf } from '../linters/tools.js';
import type { Places } from '../subject/places.js';

/** One way to improve a library: the fixes of one tool. */
export interface Strategy {
  readonly tool: () => { name: string; version: string };
  /** Changes files of the workspace in place. A careful strategy applies only what the tool calls safe. */
  readonly apply: (places: Places, files: readonly string[], careful: boolean) => Promise<void>;
}

export const strategies = {
  biome: {
    tool: () => named(biomeTool()),
    apply: (places, files, careful) => fixWithBiome(places, files, !careful),
  },
  oxlint: {
    tool: () => named(oxlintTool()),
    apply: (places, files, careful) => fixWithOxlint(places, files, !careful),
  },
  eslint: {
    tool: () => ({ name: 'eslint', version: versionOf('eslint') }),
    apply: (places, files, careful) => fixWithEslint(places.workspace, files, () => eslintRules(!careful)),
  },
} as const satisfies Record<string, Strategy>;

const named = ({ name, version }: { name: string; version: string }) => ({ name, version });
