import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VerdictRequest } from '../../libs/contracts/activities.js';
import type { Verdict, VerdictRef } from '../../libs/contracts/evidence.js';
import type { RunView } from '../../libs/contracts/run.js';
import { type PhaseName, phaseNames } from '../../libs/protocol/phases.js';
import { refTo } from '../support/activity-doubles.js';
import { LiveStack, sound } from '../support/live-stack.js';
import {
  answer,
  rejection,
  serveVerifiers,
  type VerifierKeys,
  verifierKeys,
} from '../support/other-verifiers.js';
import { completedActivities } from '../support/run-activities.js';
import { type SealedRun, sealedRun } from '../support/sealed-run.js';
import { verdictOn } from '../support/service-signers.js';
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

type Judge = (request: VerdictRequest) => Promise<VerdictRef>;

const honest: Judge = (request) => answer(stack.store, verdictOn(request, keys));

/** A verdict that is in order and signed with its own key, but says something that is not so. */
const saying =
  (lie: Partial<Verdict>): Judge =>
  (request) =>
    answer(stack.store, verdictOn(request, keys, lie));

interface Lie {
  /** The phase on which it is told. Default: ingest. */
  readonly of?: PhaseName;
  readonly tell: Judge;
  readonly found: RegExp;
}

/** What pass B tells instead of its verdict. */
const lies: Readonly<Record<string, Lie>> = {
  'signs with the key of pass A': {
    tell: (request) => {
      const { A, C } = keys.verifiers;
      return answer(stack.store, verdictOn(request, { verifiers: { A, B: A, C } }));
    },
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
    tell: async (request) => ({ ...(await saying(rejection)(request)), passed: true }),
    found: /The verdict's result is false, not true/,
  },
  'turns a verdict around after it was signed': {
    tell: (request) => {
      const { signature } = verdictOn(request, keys, rejection);
      return answer(stack.store, { ...verdictOn(request, keys), signature });
    },
    found: /Pass B: .*signature/,
  },
  'names a verdict that is not there': {
    tell: async (request) => ({ ...(await honest(request)), verdict: refTo('nothing') }),
    found: /The verdict .* of pass B cannot be read/,
  },
  'answers on another package, when one is to be delivered': {
    of: 'deliver',
    tell: saying({ output: refTo('another package').digest }),
    found: /The verdicts on deliver .*The verdict's output is/,
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
        return lie && phase === (lie.of ?? 'ingest') && pass === 'B' ? lie.tell(request) : honest(request);
      },
    });
    await Promise.all([...runs.keys()].map((run) => stack.untilSealed(run)));
  });
  afterAll(() => stop?.());

  describe.each(Object.entries(lies))('and %s', (lie, { of = 'ingest', found }) => {
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
      const reached = phaseNames.slice(0, phaseNames.indexOf(of) + 1);
      expect(run.records.map(({ phase, failure }) => [phase, failure?.code])).toEqual(
        [...reached, 'conclude'].map((phase) => [phase, phase === of ? 'VerdictInvalid' : undefined]),
      );
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
