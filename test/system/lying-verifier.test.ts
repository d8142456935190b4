import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VerdictRequest } from '../../libs/contracts/activities.js';
import type { VerdictRef } from '../../libs/contracts/evidence.js';
import type { RunView } from '../../libs/contracts/run.js';
import { payloadType } from '../../libs/protocol/payload-types.js';
import { refTo } from '../support/activity-doubles.js';
import { LiveStack, sound } from '../support/live-stack.js';
import { serveVerifiers, type VerifierKeys, verifierKeys } from '../support/other-verifiers.js';
import { completedActivities } from '../support/run-activities.js';
import { type SealedRun, sealedRun } from '../support/sealed-run.js';
import { given, type UnsignedVerdict, unseenRejection, unseenVerdict } from '../support/trusting-verifier.js';
import { notAsked, unproven, type Verified, verifyPackage } from '../support/verify-package.js';

let stack: LiveStack;
let keys: VerifierKeys;
let subject: string;
beforeAll(async () => {
  stack = await LiveStack.start();
  subject = await stack.subject('lied-about', sound);
  keys = await verifierKeys(stack);
  await stack.kill('verify');
});
afterAll(() => stack?.remove());

type Answer = (request: VerdictRequest) => Promise<VerdictRef>;

const honest: Answer = (request) => given(stack.store, keys[request.pass], unseenVerdict(request));

/** What is otherwise in order, signed with its own key, says something that is not so. */
const saying =
  (lie: Partial<UnsignedVerdict>): Answer =>
  (request) =>
    given(stack.store, keys[request.pass], { ...unseenVerdict(request), ...lie });

/** The lies that pass B tells of ingest. */
const lies: Readonly<Record<string, { readonly tell: Answer; readonly found: RegExp }>> = {
  'signs with the key of pass A': {
    tell: (request) => given(stack.store, keys.A, unseenVerdict(request)),
    found: /Pass B: .*verifier\.a/,
  },
  'answers with the verdict of pass A': {
    tell: async (request) => ({ ...(await honest({ ...request, pass: 'A' })), pass: 'B' }),
    found: /Pass B: The verdict's pass is A, not B/,
  },
  'answers for another phase': {
    tell: saying({ phase: 'execute' }),
    found: /The verdict's phase is execute, not ingest/,
  },
  'answers for another run': {
    tell: saying({ run: 'of-somebody-else' }),
    found: /The verdict's run is of-somebody-else/,
  },
  'answers on another output': {
    tell: saying({ output: refTo('another output').digest }),
    found: /The verdict's output is/,
  },
  'says that it passed what its verdict rejects': {
    tell: async (request) => ({
      ...(await given(stack.store, keys.B, unseenRejection(request))),
      passed: true,
    }),
    found: /The verdict's result is false, not true/,
  },
  'turns a verdict around after it was signed': {
    tell: async (request) => {
      const rejection = keys.B.signed(payloadType.verdict, unseenRejection(request));
      const verdict = { ...unseenVerdict(request), signature: rejection.signature };
      return { ...(await honest(request)), verdict: await stack.store.putJson(verdict) };
    },
    found: /Pass B: .*signature/,
  },
  'names a verdict that is not there': {
    tell: async (request) => ({ ...(await honest(request)), verdict: refTo('nothing') }),
    found: /The verdict .* of pass B cannot be read/,
  },
};

describe('a verifier that lies', () => {
  const runs = new Map<string, string>();
  let stop: () => Promise<void>;
  beforeAll(async () => {
    for (const lie of Object.keys(lies)) runs.set(await stack.review(subject), lie);
    stop = await serveVerifiers(stack, keys, {
      judge: (request) => {
        const { run, phase, pass } = request;
        const lie = lies[runs.get(run) ?? ''];
        return lie && phase === 'ingest' && pass === 'B' ? lie.tell(request) : honest(request);
      },
    });
    await Promise.all([...runs.keys()].map((run) => stack.untilSealed(run)));
  });
  afterAll(() => stop?.());

  describe.each(Object.entries(lies))('and %s', (lie, { found }) => {
    let view: RunView;
    let run: SealedRun;
    let verified: Verified;
    beforeAll(async () => {
      const [id = ''] = [...runs].find(([, told]) => told === lie) ?? [];
      view = await stack.view(id);
      run = await sealedRun(stack, id);
      verified = await verifyPackage(stack.config.configFolder, run.seal.folder);
    });

    test('ends the run, which delivers nothing', () => {
      expect(view).toMatchObject({ state: 'failed', package: null, sealed: true });
      expect(view.failure).toMatchObject({ code: 'VerdictInvalid', message: expect.stringMatching(found) });
      expect(run.records.map(({ phase }) => phase)).toEqual(['ingest', 'conclude']);
      expect(run.records[0]?.failure?.code).toBe('VerdictInvalid');
    });

    test('leaves evidence that is proven, and that says that nothing was delivered', () => {
      expect(unproven(verified.report)).toEqual({ delivered: 'failed', ...notAsked });
      expect(verified).toMatchObject({ code: 1, report: { proven: false, sealed: true, origin: 'trusted' } });
    });
  });
});

describe('verifiers that crash and hang', () => {
  let view: RunView;
  let run: SealedRun;
  let verified: Verified;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    const id = await stack.review(subject);
    stop = await serveVerifiers(stack, keys, {
      judge: async (request, attempt) => {
        if (request.phase === 'ingest' && request.pass === 'A' && attempt < 3)
          throw new Error('The verifier crashed.');
        return await honest(request);
      },
      before: async ({ phase, pass }, { info, cancelled }) => {
        // Settles only when the worker is stopped.
        if (phase === 'assign' && pass === 'C' && info.attempt === 1) await cancelled;
      },
    });
    view = await stack.untilSealed(id);
    run = await sealedRun(stack, id);
    verified = await verifyPackage(stack.config.configFolder, run.seal.folder);
  });
  afterAll(() => stop?.());

  const attemptsAt = (phase: string, pass: string) =>
    run.attempts
      .filter(({ key }) => key === `run-${view.id}/${phase}:pass-${pass}.1`)
      .map(({ attempt, outcome, code }) => ({ attempt, outcome, code }));

  test('only delay the run', async () => {
    expect(view).toMatchObject({ state: 'completed', decision: 'PROCEED', package: run.seal.folder });
    const completed = await completedActivities(stack.engine, view.id);
    expect(completed.filter(({ type }) => type === 'deliverPackage')).toHaveLength(1);
  });

  test('are seen in the evidence, which is proven', () => {
    expect(attemptsAt('1-ingest', 'A')).toEqual([
      { attempt: 1, outcome: 'failed', code: 'Unexpected' },
      { attempt: 2, outcome: 'failed', code: 'Unexpected' },
      { attempt: 3, outcome: 'completed', code: null },
    ]);
    expect(attemptsAt('2-assign', 'C')).toEqual([
      { attempt: 1, outcome: 'unknown', code: null },
      { attempt: 2, outcome: 'completed', code: null },
    ]);
    expect(unproven(verified.report)).toEqual(notAsked);
    expect(verified).toMatchObject({ code: 0, report: { proven: true, sealed: true, origin: 'trusted' } });
  });
});
