import { canonicalJson } from '../../artifacts/canonical-json.js';
import type { SandboxInForce } from '../../contracts/agent.js';
import { byCodeUnit, firstOf } from '../../synthesis/order.js';
import { type Html, html } from './html.js';
import type { ReportData } from './report-data.js';

/** Who worked, and what really confined it. */
export function agentsSection(data: ReportData): Html {
  const { agents, execution } = data;
  const rows = [...agents].sort(([a], [b]) => byCodeUnit(a, b));
  return html`<div class="scroll"><table><tr><th>Agent</th><th>Version</th><th>What it is</th><th>Worked on</th><th>May change files</th><th>Its repetition is compared by</th><th>Manifest</th></tr>
${rows.map(([id, { manifest, digest }]) => {
  const items = execution.results.filter(({ agent }) => agent?.id === id).map(({ item }) => item);
  return html`<tr><td>${id}</td><td>${manifest.version}</td><td>${manifest.title}</td><td>${items.join(', ')}</td><td>${manifest.writes ? 'yes' : 'no'}</td><td>${manifest.comparison}</td><td class="of"><code>${digest.slice(0, 19)}…</code></td></tr>
`;
})}</table></div>
<h3>Sandboxes in force</h3>
${sandboxes(data)}`;
}

/** Each kind of confinement once; every attempt may have a user of its own. */
function sandboxes({ evidence }: ReportData): Html {
  const found = new Map<string, Confinement>();
  for (const { phase, attempts } of evidence)
    for (const { sandbox } of attempts.attempts) {
      if (!sandbox) continue;
      const { user, ...rest } = asShown(sandbox);
      const key = canonicalJson(rest);
      const one = found.get(key) ?? { sandbox: rest, attempts: 0, users: new Set(), phases: new Set() };
      one.attempts += 1;
      one.users.add(user);
      one.phases.add(phase);
      found.set(key, one);
    }
  if (found.size === 0) return html`<p>The attempt logs name none.</p>`;
  const rows = [...found].sort(([a], [b]) => byCodeUnit(a, b)).map(([, one]) => one);
  return html`<div class="scroll"><table><tr><th>Isolation</th><th>User</th><th>Memory</th><th>Processes</th><th>Disk</th><th>Network</th><th class="n">Attempts</th><th>In</th></tr>
${rows.map(
  ({ sandbox, attempts, users, phases }) =>
    html`<tr><td>${sandbox.isolation}</td><td>${firstOf([...users].sort(byCodeUnit), 6)}</td><td>${sandbox.memory}</td><td>${sandbox.processes}</td><td>${sandbox.disk}</td><td>${sandbox.network}</td><td class="n">${attempts}</td><td>${[...phases].join(', ')}</td></tr>
`,
)}</table></div>`;
}

type Shown = Record<'isolation' | 'user' | 'memory' | 'processes' | 'disk' | 'network', string>;

function asShown(sandbox: SandboxInForce): Shown {
  switch (sandbox.kind) {
    case 'process': {
      const { isolation, user, memory, processes, disk, network } = sandbox;
      return { isolation, user, memory, processes, disk, network };
    }
    case 'wasm': {
      const { isolation, memory, network } = sandbox;
      return { isolation, memory, network, user: 'none', processes: 'none', disk: 'none' };
    }
  }
}

interface Confinement {
  readonly sandbox: Omit<Shown, 'user'>;
  attempts: number;
  readonly users: Set<string>;
  readonly phases: Set<string>;
}
