import { join } from 'node:path';
import { createAgentActivities } from '../../activities/agents/index.js';
import type { ArtifactStore } from '../../libs/artifacts/artifact-store.js';
import type { AgentItem } from '../../libs/contracts/activities.js';
import type { AgentManifest } from '../../libs/contracts/agent.js';
import type { GraphItem, ItemResult } from '../../libs/contracts/graph.js';
import { host } from '../libs/sandbox/sandbox-fixture.js';
import { commandAgent } from './command-agent.js';
import { inActivity } from './in-activity.js';
import { plainRun } from './plain-run.js';

interface Work {
  /** A shell command that writes the agent's answer. */
  readonly command: string;
  /** An item of the plain run that only reads. Default: `links`, which asks for any object. */
  readonly id?: 'links' | 'notes';
  /** Default: `digest`. */
  readonly comparison?: AgentManifest['comparison'];
  readonly rules?: GraphItem['rules'];
  readonly how?: AgentItem['how'];
  /** The run that it is done for. */
  readonly run?: string;
}

interface AgentWork {
  readonly store: ArtifactStore;
  /** Has the agents' activity do one item of a run, in the sandbox. */
  done(work: Work): Promise<ItemResult>;
}

/** Work for agents that only read, in one store. */
export async function agentWork(): Promise<AgentWork> {
  const { folder, store, refs, assignment } = await plainRun();
  const { runAgent } = createAgentActivities({
    ...{ store, sandboxHost: host, scratch: folder, cache: join(folder, 'cache') },
    ...{ toolsFolder: join(folder, 'tools'), programsFolder: join(folder, 'programs') },
  });
  return {
    store,
    async done({ command, id = 'links', comparison = 'digest', rules, how, run = 'plain' }) {
      const item = assignment.graph.items.find((one) => one.id === id);
      if (!item) throw new Error(`Nobody reads the ${id}.`);
      const made = commandAgent({ id: 'reader', capability: 'read.links', outcome: {}, command });
      const manifest = { ...made, comparison };
      const agent = { id: manifest.id, manifest: (await store.putJson(manifest)).digest };
      const task: AgentItem = {
        run,
        item: { ...item, agents: [agent], ...(rules ? { rules } : {}) },
        agent,
        accepted: refs.accepted,
        assignment: refs.assignment,
        workspace: null,
        inputs: {},
        ...(how ? { how } : {}),
      };
      return await inActivity(() => runAgent(task));
    },
  };
}
