import { z } from 'zod';
import type { AgentTask } from '../../../contracts/agent.js';
import type { Discovery } from '../../../contracts/discovery.js';
import { type ChangeAnalysis, type JudgedSite, siteSchema } from '../../../contracts/reports/change.js';
import type { Finding } from '../../../contracts/reports/finding.js';
import { parametersOf } from '../answer/parameters.js';
import type { Done } from '../answer/serve-task.js';
import { Stopwatch } from '../answer/stopwatch.js';
import { debtRules, readComplexity } from '../code/debt.js';
import { lintWithBiome } from '../linters/biome.js';
import { lintWithOxlint } from '../linters/oxlint.js';
import { unsuppressed } from '../linters/unsuppressed.js';
import { findMendable } from '../mending/find-mendable.js';
import { ruleName } from '../mending/rule-names.js';
import { findSites } from '../optimisations/sites.js';
import { libraryFiles } from '../subject/library-files.js';
import { byCodeUnit } from '../subject/order.js';
import type { Places } from '../subject/places.js';
import { counted, cut, discoveryOfPiece, listed, piecesOf } from './pieces.js';

const parametersSchema = z.object({
  /** Whose findings are looked at; fewer is the narrower scope. */
  linters: z.array(z.enum(['eslint', 'biome', 'oxlint'])).default(['eslint', 'biome', 'oxlint']),
  /** How many pieces of work are made of the library's findings, at most. */
  pieces: z.int().min(1).max(3).default(3),
  /** Only these files; default: all of the library. */
  files: z.array(z.string().max(1000)).max(1000).optional(),
  /** Places that a discovery wants to be analysed. */
  sites: z.array(siteSchema).max(1000).optional(),
  /** Keys of places that were decided on before. */
  dismissed: z.array(z.string().max(4000)).max(5000).default([]),
});
type AnalysisParameters = z.infer<typeof parametersSchema>;

/**
 * Says what is to be changed and who could do it: of the places that a discovery names, those that are safe to change;
 * otherwise the findings that linters mend, in pieces that do not get into each other's way.
 */
export async function analyseChange(places: Places, task: AgentTask): Promise<Done> {
  const parameters = parametersOf(parametersSchema, task);
  const watch = new Stopwatch();
  const all = libraryFiles(places.workspace);
  const wanted = new Set(parameters.files ?? parameters.sites?.map(({ file }) => file) ?? all);
  const library = all.filter((file) => wanted.has(file));
  const shown = unsuppressed(places, library);
  const [biome, fromOxlint, mendable] = await watch.time('linters', async () => [
    parameters.linters.includes('biome') ? await lintWithBiome(shown, library) : [],
    await lintWithOxlint(shown, library, { rules: debtRules }),
    await findMendable(places, library, parameters.linters),
  ]);
  const { complexities, findings: oxlint } = readComplexity(fromOxlint);
  const functions = [...complexities.values()].flat();
  const metadata: ChangeAnalysis['metadata'] = {
    files: library.length,
    findings: biome.length + oxlint.length,
    mendable: mendable.length,
    functions: functions.length,
    maxComplexity: functions.reduce((most, complexity) => Math.max(most, complexity), 0),
  };
  const decided =
    parameters.sites === undefined
      ? planPieces(mendable, parameters)
      : planSites(await watch.time('places', () => findSites(places.workspace, library)), parameters);
  const outcome: ChangeAnalysis = {
    kind: 'change-analysis',
    ...decided,
    nextWork: decided.discoveries.map(({ description }) => description),
    metadata,
  };
  return { outcome, measurements: { stepsMs: watch.ms } };
}

type Decided = Omit<ChangeAnalysis, 'kind' | 'nextWork' | 'metadata'>;

function planPieces(mendable: readonly Finding[], { pieces: most, files }: AnalysisParameters): Decided {
  const pieces = piecesOf(mendable, most);
  const about = files === undefined ? 'library' : 'files';
  if (pieces.length === 0) return nothing(about, 'No linter mends anything in the files.', []);
  return {
    about,
    plan: pieces.map(({ rules, files: own, findings }) => ({
      step: `Mend ${counted(findings.length, 'finding')} of ${counted(rules.length, 'rule')} in ${listed(own, 5)}.`,
      rules: [...rules],
      files: [...own],
    })),
    approved: true,
    reasons: ['Each piece is on files of its own, and keeps only what the tests of the subject pass with.'],
    sites: [],
    discoveries: pieces.map(discoveryOfPiece),
  };
}

function planSites(found: readonly JudgedSite[], { sites = [], dismissed }: AnalysisParameters): Decided {
  const asked = new Set(sites.map(({ key }) => key));
  const judged = found.filter(({ key }) => asked.has(key) && !dismissed.includes(key));
  const safe = judged.filter((site) => site.safe);
  const reasons = [`Safe to change: ${safe.length} of ${counted(asked.size, 'place')}.`];
  const gone = asked.size - found.filter(({ key }) => asked.has(key)).length;
  if (gone > 0) reasons.push(`Not there any more: ${gone}.`);
  if (safe.length === 0) return nothing('optimisation', reasons.join(' '), judged);
  const files = unique(safe.map(({ file }) => file));
  const rules = unique(safe.map(({ rule }) => ruleName('heptad', rule)));
  const unsafe = judged.filter((site) => !site.safe).map(({ key }) => key);
  const places = safe.map(({ file, line, code }) => `${file}:${line} ${code}`);
  const discovery: Discovery = {
    description: cut(`Keep in a variable, where that is safe: ${listed(places, 6)}.`),
    kind: 'optimisation',
    category: 'implementation',
    priority: 'high',
    done: cut(`Every place (${safe.length}) does its work once, and no test that passed before fails.`),
    blockedBy: [],
    tags: ['cache'],
    visibility: { kind: 'public' },
    parameters: {
      rules,
      files,
      sites: safe.map(({ key }) => key),
      dismissed: unique([...dismissed, ...unsafe]),
    },
  };
  return {
    about: 'optimisation',
    plan: safe.map(({ rule, file, line, code }) => ({
      step: `Keep in a variable what "${code}" in line ${line} asks for again and again.`,
      rules: [ruleName('heptad', rule)],
      files: [file],
    })),
    approved: true,
    reasons,
    sites: judged,
    discoveries: [discovery],
  };
}

const nothing = (about: Decided['about'], reason: string, sites: JudgedSite[]): Decided => ({
  about,
  plan: [{ step: 'Nothing is changed.', rules: [], files: [] }],
  approved: false,
  reasons: [reason],
  sites,
  discoveries: [],
});

const unique = (all: readonly string[]): string[] => [...new Set(all)].sort(byCodeUnit);
