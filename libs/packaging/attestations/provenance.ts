import { layout } from '../layout.js';
import type { AttestedRun } from './attested-run.js';
import type { ResolvedPackage } from './locked-packages.js';
import { npmPurl, sha512Of } from './npm-names.js';
import { type DigestSet, digestSet, type Statement, statementOn, urn } from './statement.js';

/** `ResourceDescriptor` of in-toto, as far as it is used. */
interface Resource {
  readonly name: string;
  readonly uri?: string;
  readonly digest: DigestSet | { readonly sha512: string } | { readonly gitCommit: string };
  readonly annotations?: Readonly<Record<string, unknown>>;
}

/**
 * SLSA provenance v1 (https://slsa.dev/spec/v1.0/provenance): what was asked, from what it was made, and by whom.
 *
 * @param packages what the run's lock names
 */
export function provenance(attested: AttestedRun, packages: readonly ResolvedPackage[]): Statement<object> {
  const { run, accepted, assignment, merge, evidence } = attested;
  const { template, input, sentence, test } = accepted.request;
  return statementOn(attested, 'https://slsa.dev/provenance/v1', {
    buildDefinition: {
      buildType: urn.buildType,
      externalParameters: {
        template: `${template.name}@${template.version}`,
        subject: accepted.captured.title,
        input,
        ...(sentence === undefined ? {} : { sentence }),
        ...(test === undefined ? {} : { test }),
      },
      internalParameters: {
        tests: assignment.test,
        budgets: assignment.budgets,
        ...(merge ? { merge: { seed: merge.seed, evaluations: merge.budget.evaluations } } : {}),
      },
      resolvedDependencies: [
        ...subjectOf(attested),
        ...inputsOf(attested),
        ...agentsOf(attested),
        ...packages.map(({ name, uri, sha512 }) => ({ name, uri, digest: { sha512 } })),
      ],
    },
    runDetails: {
      builder: { id: urn.builder },
      metadata: {
        invocationId: run,
        startedOn: evidence[0]?.record.timings.startedAt,
        finishedOn: evidence.at(-1)?.record.timings.endedAt,
      },
      byproducts: evidence.map(({ phase, ref }) => ({
        name: phase === 'deliver' ? layout.sealed.record(phase) : layout.evidence.record(phase),
        digest: digestSet(ref.digest),
      })),
    },
  });
}

/** The captured workspace, and what it was captured from where that has a digest of its own. */
function subjectOf({ accepted: { captured } }: AttestedRun): Resource[] {
  const { subject, snapshot, integrity, commit } = captured;
  const resources: Resource[] = [
    {
      name: 'subject',
      uri: urn.snapshot(snapshot.digest),
      digest: digestSet(snapshot.digest),
      annotations: { files: snapshot.files, bytes: snapshot.bytes },
    },
  ];
  if (subject.kind === 'npm' && integrity !== undefined)
    resources.push({
      name: 'subject.source',
      uri: npmPurl(subject.name, subject.version),
      digest: { sha512: sha512Of(integrity) },
    });
  if (subject.kind === 'git' && commit !== undefined)
    resources.push({ name: 'subject.source', uri: gitUri(subject.url), digest: { gitCommit: commit } });
  return resources;
}

function inputsOf({ accepted, assignment, evidence }: AttestedRun): Resource[] {
  const { template } = accepted.request;
  const request = evidence[0]?.record.input.request;
  const lock = assignment.dependencies?.lock;
  return [
    ...(request ? [{ name: 'request', digest: digestSet(request) }] : []),
    {
      name: layout.artifacts.template,
      uri: urn.template(template.name, template.version),
      digest: digestSet(template.digest),
    },
    ...(lock ? [{ name: layout.artifacts.lock, digest: digestSet(lock.digest) }] : []),
  ];
}

function agentsOf({ staged }: AttestedRun): Resource[] {
  const prefix = layout.artifacts.agents;
  return staged.files
    .filter(({ name }) => name.startsWith(prefix))
    .map(({ name, digest }) => ({ name, digest: digestSet(digest) }));
}

const gitUri = (url: string): string =>
  /^git\+|^[a-z]+:\/\//.test(url) ? `git+${url.replace(/^git\+/, '')}` : `git+file://${url}`;
