import type { Kpis } from '../../../libs/contracts/kpis.js';
import type { RunProgress } from '../../../libs/contracts/progress.js';
import type { Standing } from '../../../libs/contracts/reports/synthesis.js';
import type { RunArtifact, RunView } from '../../../libs/contracts/run.js';
import type { Colors } from '../terminal.js';
import { bytes } from './bytes.js';
import { candidates, type Merged } from './candidates.js';
import { plain } from './plain.js';
import { progress } from './progress.js';
import { type PhaseVerdicts, verdicts } from './verdicts.js';
import { workLines } from './work-lines.js';

/** What `heptad show` shows, and prints as JSON. */
export interface RunDetails {
  readonly run: RunView;
  /** Standings of the candidates and of Model D; empty before the phase verify has judged them. */
  readonly candidates: readonly Standing[];
  /** The letter of the best eligible candidate; `D` where Model D is delivered. */
  readonly best: string | null;
  /** What became of Model D; null before the phase deliver has staged a package. */
  readonly merged: Merged | null;
  readonly verdicts: readonly PhaseVerdicts[];
  readonly progress: RunProgress;
  readonly kpis: Kpis;
  readonly artifacts: readonly RunArtifact[];
  /** In bytes; null where it is not on this machine. */
  readonly size: {
    readonly package: number | null;
    /** Shared ones count in each run that has them. */
    readonly artifacts: { readonly count: number; readonly bytes: number } | null;
  };
}

export interface RunDetailsOptions {
  readonly now: number;
  readonly columns: number;
  readonly colors: Colors;
}

export function runDetails(details: RunDetails, { now, columns, colors }: RunDetailsOptions): string {
  const { run, size } = details;
  const standings = details.candidates;
  const rows: [string, string][] = [
    ['decision', run.decision ?? '–'],
    ...(run.from ? [['goes on', `from ${run.from.run} (${run.from.how})`] as [string, string]] : []),
    ['sealed', run.sealRefused ? `refused: ${run.sealRefused.join(' ')}` : run.sealed ? 'yes' : 'no'],
    ...(run.work === null
      ? []
      : workLines(run.work).map(([name, says]): [string, string] => [name, plain(says)])),
    ['artifacts', size.artifacts === null ? `${details.artifacts.length} named` : amount(size.artifacts)],
    ['package', `${run.package ?? '–'}${size.package === null ? '' : `, ${bytes(size.package)} on disk`}`],
    ['Web UI', run.links.temporal ?? '–'],
  ];
  const failure =
    run.failure === null ? [] : [`${plain(run.failure.message)} [${plain(run.failure.code)}]`, ''];
  return [
    progress(run, {
      now,
      columns,
      rows: Number.POSITIVE_INFINITY,
      colors,
      allItems: true,
      work: details.progress,
    }),
    '',
    ...failure,
    ...(standings.length === 0 ? [] : [candidates(standings, details.best, details.merged, colors), '']),
    ...(details.verdicts.length === 0 ? [] : [verdicts(details.verdicts, colors), '']),
    ...rows.map(([name, value]) => `${colors.dim(name.padEnd(10))}  ${value}`),
  ].join('\n');
}

const amount = ({ count, bytes: size }: { count: number; bytes: number }): string =>
  `${count}, ${bytes(size)} on disk`;
