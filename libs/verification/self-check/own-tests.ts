import type { AgentRoom } from '../../agents/agent-room.js';
import { compareOutcomes } from '../../agents/compare.js';
import { difference } from '../../artifacts/snapshot/difference.js';
import { readSnapshot } from '../../artifacts/snapshot/read-snapshot.js';
import { stagedPackageSchema } from '../../contracts/phase.js';
import { validationReportSchema } from '../../contracts/reports/candidate.js';
import { evaluate } from '../../merge/evaluate.js';
import { readGround } from '../../merge/ground.js';
import type { CheckList } from '../check-list.js';
import { deliveryInput } from '../delivery-input.js';
import type { Judged } from '../judged.js';
import { isUncontested } from './is-uncontested.js';

/**
 * The result's own tests, of pass A of deliver: the tests and linters run on what is delivered, in a sandbox, as they
 * ran on the candidates. It must be accepted, with the test verdicts that the package states. Other phases have none.
 * Where nothing competed there are none either: what is delivered is what execute made, and what was tested of it was
 * tested there.
 *
 * @throws HeptadError what is not the producer's fault, such as `SandboxUnavailable`
 */
export async function ownTests(judged: Judged, checks: CheckList, room: AgentRoom): Promise<void> {
  if (judged.phase !== 'deliver' || (await isUncontested(judged))) return;
  await checks.attempt(
    'own-tests',
    'Tests and linters ran on what is delivered: it is accepted, and the verdicts are those that are stated.',
    async (problems) => {
      const { store, run, signal } = judged;
      const staged = await store.getJson(judged.output.digest, stagedPackageSchema);
      const { accepted, assignment, executed, judged: judgement } = deliveryInput(judged);
      const ground = await readGround(store, { run, accepted, assignment, executed, judged: judgement });
      const { workspace } = staged;
      const changed = difference(
        await readSnapshot(store, ground.captured),
        await readSnapshot(store, workspace),
      );
      const found = await evaluate(
        ground,
        { ...room, store, signal },
        { workspace, changed: [...changed.added, ...changed.changed, ...changed.removed] },
      );
      if (!found.eligible) problems.push(`It is not accepted: ${found.reason}`);
      if (!found.validation) return;
      if (!staged.validation) {
        problems.push('It states no validation.');
        return;
      }
      const [stated, now] = await Promise.all(
        [staged.validation, found.validation].map(({ digest }) =>
          store.getJson(digest, validationReportSchema),
        ),
      );
      const { equal, differences } = compareOutcomes('same-test-verdicts', stated, now);
      if (!equal) problems.push(`The validation differs: ${differences.join('; ')}.`);
    },
  );
}
