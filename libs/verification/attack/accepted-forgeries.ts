import { mediaType } from '../../artifacts/media-types.js';
import { readSnapshot } from '../../artifacts/snapshot/read-snapshot.js';
import { type AcceptedRequest, acceptedRequestSchema } from '../../contracts/phase.js';
import { complexities, layers, requestCategories } from '../../contracts/request.js';
import { resumptionSchema } from '../../contracts/resumption.js';
import type { SnapshotEntry, SnapshotRef, Subject } from '../../contracts/subject.js';
import { type Template, templateSchema } from '../../contracts/template.js';
import { changing, type Forgery, forgeriesOf, inventing, type Material, withFirst } from './forgery.js';

type Accepted = Material<AcceptedRequest>;

const elsewhere: Subject = { kind: 'directory', path: '/somewhere/else' };
/** Another one than the first. */
const other = <Value>(values: readonly Value[], than: Value): Value | undefined =>
  values.find((value) => value !== than);

const withClassification = (
  accepted: AcceptedRequest,
  changes: Partial<AcceptedRequest['classification']>,
): unknown => ({ ...accepted, classification: { ...accepted.classification, ...changes } });

const withCaptured = (accepted: AcceptedRequest, changes: object): unknown => ({
  ...accepted,
  captured: { ...accepted.captured, ...changes },
});

/** Names another template: its artifact is there. */
async function withTemplate(
  accepted: AcceptedRequest,
  { store }: Accepted,
  change: (template: Template) => unknown,
): Promise<unknown> {
  const { template } = accepted.request;
  const changed = change(structuredClone(await store.getJson(template.digest, templateSchema)));
  const { digest } = await store.putJson(changed);
  return { ...accepted, request: { ...accepted.request, template: { ...template, digest } } };
}

/** Names another workspace: its manifest is there, and what it counts. */
async function withSnapshot(
  accepted: AcceptedRequest,
  { store }: Accepted,
  change: (entries: SnapshotEntry[]) => unknown[],
): Promise<unknown> {
  const { entries } = await readSnapshot(store, accepted.captured.snapshot);
  const changed = change(structuredClone(entries)) as SnapshotEntry[];
  const { digest } = await store.putJson({ version: 1, entries: changed }, mediaType.snapshot);
  const files = changed.filter((entry) => entry.kind === 'file');
  const snapshot: SnapshotRef = {
    digest,
    files: files.length,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
  };
  return withCaptured(accepted, { snapshot });
}

const forgeries: readonly Forgery<AcceptedRequest>[] = [
  changing('subject-swapped', (accepted) => withCaptured(accepted, { subject: elsewhere })),
  inventing('subject-swapped-throughout', (accepted) => ({
    ...accepted,
    request: { ...accepted.request, subject: elsewhere },
    captured: { subject: elsewhere, title: elsewhere.path, snapshot: accepted.captured.snapshot },
  })),
  inventing('title-of-another-subject', (accepted) => withCaptured(accepted, { title: 'npm:another@1.0.0' })),
  inventing('text-of-another-request', async (accepted, material) => {
    if (accepted.captured.subject.kind !== 'text') return undefined;
    const { digest, size } = await material.store.put('Another text.\n', mediaType.bytes);
    return await withSnapshot(accepted, material, (entries) =>
      entries.map((entry) => (entry.kind === 'file' ? { ...entry, digest, size } : entry)),
    );
  }),
  inventing('snapshot-of-another-subject', (accepted, material) =>
    // What stood in a folder or a repository is not captured a second time.
    accepted.captured.subject.kind === 'npm'
      ? withSnapshot(accepted, material, (entries) => entries.slice(1))
      : undefined,
  ),
  changing('snapshot-empty', (accepted, material) => withSnapshot(accepted, material, () => [])),
  changing('snapshot-that-leads-out', (accepted, material) =>
    withSnapshot(accepted, material, (entries) => [
      { kind: 'link', path: '!out', target: '../../etc/passwd' },
      ...entries,
    ]),
  ),
  changing('snapshot-with-other-bytes', (accepted, material) =>
    withSnapshot(
      accepted,
      material,
      (entries) =>
        withFirst(
          entries,
          (entry) => ({ ...entry, digest: `sha256:${'0'.repeat(64)}` }),
          ({ kind }) => kind === 'file',
        ) ?? [],
    ),
  ),
  changing('snapshot-with-fewer-files', (accepted) =>
    withCaptured(accepted, {
      snapshot: { ...accepted.captured.snapshot, files: accepted.captured.snapshot.files - 1 },
    }),
  ),
  changing('template-of-another-name', (accepted, material) =>
    withTemplate(accepted, material, (template) => ({ ...template, name: 'another-template' })),
  ),
  changing('template-of-another-version', (accepted) => ({
    ...accepted,
    request: { ...accepted.request, template: { ...accepted.request.template, version: '99.0.0' } },
  })),
  changing('template-that-is-none', (accepted, material) =>
    withTemplate(accepted, material, () => ({ name: accepted.request.template.name })),
  ),
  inventing('template-changed-under-its-name', (accepted, material) =>
    withTemplate(accepted, material, (template) => ({
      ...template,
      repairs: template.repairs === 0 ? 1 : 0,
    })),
  ),
  changing('routed-to-no-layer', (accepted) => withClassification(accepted, { layers: [] })),
  changing('routed-to-a-layer-twice', (accepted) => {
    const { layers: routed } = accepted.classification;
    return withClassification(accepted, { layers: [...routed, ...routed.slice(0, 1)] });
  }),
  inventing('routed-to-another-layer', (accepted) => {
    const more = layers.find((layer) => !accepted.classification.layers.includes(layer));
    return more && withClassification(accepted, { layers: [...accepted.classification.layers, more] });
  }),
  changing('complexity-forged', (accepted) =>
    withClassification(accepted, { complexity: other(complexities, accepted.classification.complexity) }),
  ),
  inventing('agents-forged', (accepted) => {
    const { agents } = accepted.classification;
    // As complex as before, so that it hangs together.
    if (agents === 1) return undefined;
    return withClassification(accepted, { agents: agents === 5 || agents === 50 ? agents - 1 : agents + 1 });
  }),
  changing('no-agents', (accepted) => withClassification(accepted, { agents: 0 })),
  inventing('category-forged', (accepted) =>
    withClassification(accepted, { category: other(requestCategories, accepted.classification.category) }),
  ),
  changing('classified-without-a-reason', (accepted) => withClassification(accepted, { reasons: [] })),
  {
    name: 'request-of-another-run',
    by: 'A',
    forge: async ({ judged: { input }, store }) => {
      const request = await store.putJson({ template: 'another-template', input: {} });
      return input.request && { input: { ...input, request } };
    },
  },
  changing('state-of-another-run', async (accepted, { store }) => {
    const { resume } = accepted.request;
    if (resume === undefined) return undefined;
    const resumption = await store.getJson(resume, resumptionSchema);
    const { digest } = await store.putJson({ ...resumption, run: 'another-run' });
    return { ...accepted, request: { ...accepted.request, resume: digest } };
  }),
  changing('state-forgotten', (accepted) => {
    const { resume, ...request } = accepted.request;
    return resume === undefined ? undefined : { ...accepted, request };
  }),
  changing('subject-beside-the-state', (accepted) =>
    accepted.request.resume === undefined ? undefined : withCaptured(accepted, { title: 'another' }),
  ),
  inventing('input-of-another-run', (accepted) => ({
    ...accepted,
    request: { ...accepted.request, input: { ...accepted.request.input, subject: '/somewhere/else' } },
  })),
  inventing('integrity-forged', (accepted) =>
    accepted.captured.integrity === undefined
      ? undefined
      : withCaptured(accepted, { integrity: `sha512-${Buffer.alloc(64, 1).toString('base64')}` }),
  ),
  changing('integrity-dropped', (accepted) => {
    const { integrity, ...captured } = accepted.captured;
    return integrity === undefined ? undefined : { ...accepted, captured };
  }),
  changing('commit-dropped', (accepted) => {
    const { commit, ...captured } = accepted.captured;
    return commit === undefined ? undefined : { ...accepted, captured };
  }),
  changing('checks-dropped', (accepted) => ({ ...accepted, checks: [] })),
  inventing('check-dropped', (accepted) =>
    accepted.checks.length > 1 ? { ...accepted, checks: accepted.checks.slice(1) } : undefined,
  ),
  changing('check-that-says-nothing', (accepted) => {
    const checks = withFirst(accepted.checks, (check) => ({ ...check, says: '' }));
    return checks && { ...accepted, checks };
  }),
];

/** Forgeries of what ingest stages. */
export const acceptedForgeries = forgeriesOf(acceptedRequestSchema, forgeries);
