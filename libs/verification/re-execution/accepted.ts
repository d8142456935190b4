import { join } from 'node:path';
import { openStore } from '../../artifacts/open-store.js';
import { readResumption, resumedChecks, resumedSubject } from '../../continuation/resumed.js';
import { stateProblems } from '../../continuation/whole-state.js';
import { type AcceptedRequest, acceptedRequestSchema } from '../../contracts/phase.js';
import { startRunSchema } from '../../contracts/request.js';
import type { CapturedSubject, Subject } from '../../contracts/subject.js';
import { acceptedRequest } from '../../intake/accepted-request.js';
import { checkForm, rootsCheck } from '../../intake/check-request.js';
import { parseRequest, templateReference } from '../../intake/parse-request.js';
import { HeptadError } from '../../protocol/errors.js';
import { withRunFolder } from '../../scratch/with-run-folder.js';
import { captureNpm } from '../../subjects/capture-npm.js';
import { captureText } from '../../subjects/capture-text.js';
import { allowedPath } from '../../subjects/check-local.js';
import { matchingVersions } from '../../subjects/matching-versions.js';
import { titleOf } from '../../subjects/title-of.js';
import { versionKind } from '../../subjects/version-kind.js';
import { findTemplate, type KnownTemplate } from '../../templates/load.js';
import { pinnedTemplate } from '../../templates/registry/pin-template.js';
import { byteProblems } from '../check-bytes.js';
import type { Judged } from '../judged.js';
import { inputOf, readInput } from '../read-input.js';
import { type CleanRoom, type Repetition, settled } from './clean-room.js';
import { sameOutcome } from './same-outcome.js';

/**
 * Pass B of ingest: the request is parsed, checked, classified and routed again. A package is fetched and a text
 * captured again, into a store of the verifier's own; of what was captured from elsewhere the bytes are read and hashed.
 * Of a run that goes on from an earlier one, all that the state names is.
 */
export const acceptAgain: Repetition = async (judged, checks, room) => {
  const staged = await checks.attempt('output-read', 'The output could be read.', () =>
    judged.store.getJson(judged.output.digest, acceptedRequestSchema),
  );
  if (!staged) return settled;
  const again = await checks.attempt(
    'request-again',
    'The request was parsed and checked again.',
    async () => {
      const body = await readInput(judged, 'request', startRunSchema);
      const known = await templateOf(judged, templateReference(body));
      const asked = parseRequest(body, known);
      const form = await checkForm(asked);
      const resumption = await readResumption(judged.store, asked);
      if (resumption) {
        const subject = resumedSubject(asked.subject, resumption);
        const made = [...form, ...resumedChecks(resumption)];
        return { request: { ...asked, subject }, resumption, made, template: known.template };
      }
      const subject = await subjectAgain(asked.subject, staged.request.subject, room.roots);
      return {
        request: { ...asked, subject },
        resumption,
        made: [...form, rootsCheck(subject)],
        template: known.template,
      };
    },
  );
  if (!again) return settled;
  const { request, resumption, made, template } = again;
  const captured = resumption
    ? await checks.attempt('captured-again', resumedSays, async (problems) => {
        problems.push(...(await stateProblems(judged, resumption)));
        return resumption.captured;
      })
    : await checks.attempt('captured-again', captureSays[request.subject.kind], (problems) =>
        captureAgain(judged, room, request.subject, staged, problems),
      );
  if (!captured) return settled;
  await sameOutcome(judged, checks, acceptedRequest(request, captured, template, made));
  return settled;
};

/** The template that the run was bound to when its request was accepted; of those that are shipped where to none. */
const templateOf = async (judged: Judged, reference: string): Promise<KnownTemplate> =>
  (await pinnedTemplate(
    judged.store,
    { run: judged.run, request: inputOf(judged, 'request').digest },
    reference,
  )) ?? findTemplate(reference);

const resumedSays =
  'The subject is the one of the state that it goes on from. Every byte which that names was read and hashed.';

const captureSays: Readonly<Record<Subject['kind'], string>> = {
  npm: 'The package was fetched again: its integrity and the workspace made of it are compared below.',
  directory:
    'A folder is not captured twice, because its owner may have edited it since. The captured bytes were read and hashed.',
  text: 'The text was captured again from the request: the workspace made of it is compared below. The captured bytes were read and hashed.',
  git: 'A repository is not captured twice, because its owner may have changed it since. The captured bytes were read and hashed.',
};

/**
 * The subject that the request asks for. Of one on this machine the real path is looked up again; where it is gone
 * since, or not on the verifier's host, it must have been captured under the very path that was asked for.
 */
async function subjectAgain(asked: Subject, staged: Subject, roots: readonly string[]): Promise<Subject> {
  const path = localPath(asked);
  if (path === undefined) return asked;
  const found = await pathIfThere(path, roots);
  if (found === undefined && localPath(staged) !== path)
    throw new HeptadError(
      'SubjectUnknown',
      `There is nothing at ${path} any more, so it cannot be seen that it stood for ${titleOf(staged)}.`,
    );
  const real = found ?? path;
  return asked.kind === 'git' ? { ...asked, url: real } : { kind: 'directory', path: real };
}

function localPath(subject: Subject): string | undefined {
  if (subject.kind === 'directory') return subject.path;
  return subject.kind === 'git' && subject.url.startsWith('/') ? subject.url : undefined;
}

async function pathIfThere(path: string, roots: readonly string[]): Promise<string | undefined> {
  try {
    return await allowedPath(path, roots);
  } catch (error) {
    if (error instanceof HeptadError && error.code === 'SubjectUnknown') return undefined;
    throw error;
  }
}

async function captureAgain(
  judged: Judged,
  room: CleanRoom,
  subject: Subject,
  { captured }: AcceptedRequest,
  problems: string[],
): Promise<CapturedSubject> {
  const { snapshot, commit, subject: staged } = captured;
  if (subject.kind === 'npm') {
    const resolved = staged.kind === 'npm' && versionKind(subject) !== 'version';
    const version = resolved ? staged.version : subject.version;
    return await fetchAgain(judged, room, { ...subject, version }, subject, problems);
  }
  problems.push(
    ...(await byteProblems(judged, [{ kind: 'snapshot', path: '/captured/snapshot', ref: snapshot }])),
  );
  if (subject.kind === 'text')
    return await withRunFolder(room.scratch, judged.run, 'again', (folder) =>
      captureText(subject, { store: openStore(join(folder, 'store')) }),
    );
  return { subject, title: titleOf(subject), snapshot, ...(commit === undefined ? {} : { commit }) };
}

type Package = Extract<Subject, { kind: 'npm' }>;

/** @param asked names the version itself, or by a range or tag that stood for it */
async function fetchAgain(
  { run }: Judged,
  { scratch, cache, signal, onActivity }: CleanRoom,
  subject: Package,
  asked: Package,
  problems: string[],
): Promise<CapturedSubject> {
  return await withRunFolder(scratch, run, 'again', async (folder) => {
    const place = { scratch: folder, npmCache: join(cache, 'npm'), signal, heartbeat: onActivity };
    // A tag may stand for another version by now, a range still covers what it covered.
    const covered = versionKind(asked) === 'range' ? await matchingVersions(asked, place) : null;
    if (covered?.includes(subject.version) === false)
      problems.push(`${asked.version} does not cover the version ${subject.version} that was captured.`);
    return await captureNpm(subject, { ...place, store: openStore(join(folder, 'store')) });
  });
}
