import type { RegistryActivities } from '../../libs/contracts/activities.js';
import { assignAgents } from './assign-agents.js';
import type { RegistryDependencies } from './dependencies.js';
import { fetchDependencies } from './fetch-dependencies.js';
import { planWork } from './plan-work.js';

/** Agents, their environment, and the plan. Queue `control`. */
export const createRegistryActivities = (dependencies: RegistryDependencies): RegistryActivities => ({
  assignAgents: assignAgents(dependencies),
  fetchDependencies: fetchDependencies(dependencies),
  planWork: planWork(dependencies),
});
