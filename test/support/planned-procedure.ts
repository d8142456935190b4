import type { AgentManifest } from '../../libs/contracts/agent.js';
import type { AcceptedRequest } from '../../libs/contracts/phase.js';
import { templateSchema } from '../../libs/contracts/template.js';
import { assignedAgents } from '../../libs/registry/assigned-agents.js';
import { withControlFiles } from '../../libs/registry/control-file-items.js';
import { plannedWork } from '../../libs/registry/planned-work.js';
import { readControlFiles } from '../../libs/registry/read-control-files.js';
import type { Judged } from '../../libs/verification/judged.js';
import { judgedPhase } from './judged-phase.js';
import { type SmallRun, workspaceOf } from './small-run.js';

const sop = `# Release

1. Write the page.
   - command: \`echo one > page.txt\`
2. Sign the page.
   - command: \`echo signed >> page.txt\`
   - after: 1
   - colour: red
3. Read it aloud.
`;

const todo = `- [x] Begin (command: \`false\`)
- [ ] Count the lines (command: \`wc -l < page.txt > lines.txt\`)
- [ ] Count the words (command: \`wc -w < page.txt > words.txt\`)
`;

const done = { says: 'It is done.', schema: { type: 'object' } };
const look = (id: string) => ({
  ...{ id, title: id, category: 'analysis', done },
  work: { kind: 'agent', capability: 'do.code' },
});

const template = templateSchema.parse({
  name: 'planned-procedure',
  version: '1.0.0',
  title: 'A procedure',
  description: 'Two look, and what the control files ask for is done; each within its budget.',
  input: { type: 'object' },
  parallel: 2,
  categories: {
    analysis: { budget: { cpu_percent: 80, memory_mb: 128 } },
    implementation: { budget: { cpu_percent: 40, time: '10s' } },
  },
  items: [look('one'), look('other')],
  consumers: [
    {
      ...{ id: 'step', title: 'A step', category: 'implementation', done },
      consumes: { kind: 'discovery', category: 'implementation' },
      condition: 'EXISTS discovery.parameters.command',
      work: { kind: 'agent', capability: 'do.improve-a' },
    },
  ],
});

/** What assign stages where the subject has a procedure and a backlog, and where budgets are more than there is. */
export async function plannedProcedure(small: SmallRun): Promise<Judged> {
  const { store, folder, roster } = small;
  const snapshot = await workspaceOf(store, folder, { '.sop': sop, '.todo': todo });
  const { name, version } = template;
  const accepted: AcceptedRequest = {
    ...small.accepted,
    request: {
      ...small.accepted.request,
      template: { name, version, digest: (await store.putJson(template)).digest },
    },
    captured: { ...small.accepted.captured, snapshot },
  };
  const health = Object.fromEntries(roster.map(({ id }) => [id, 'healthy' as const]));
  const { assigned, manifests } = assignedAgents({ template, layers: ['specialist'], roster, health });
  const planned = plannedWork({
    template,
    input: accepted.request.input,
    assigned,
    manifests: new Map<string, AgentManifest>([...manifests.values()].map((one) => [one.id, one])),
    environment: { test: null, dependencies: null },
    probes: [{ driver: 'command', ok: true, sandbox: null, says: 'It started.' }],
    resumption: null,
    capacity: { cores: 2, memoryBytes: 192 * 1024 * 1024 },
  });
  const assignment = withControlFiles(planned, template, await readControlFiles(store, snapshot));
  return await judgedPhase(small, 'assign', assignment, { accepted: await store.putJson(accepted) });
}
