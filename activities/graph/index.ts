import type { GraphActivities } from '../../libs/contracts/activities.js';
import { admitWork } from './admit-work.js';
import { bundleResults } from './bundle-results.js';
import type { GraphDependencies } from './dependencies.js';
import { keepText, readText } from './keep-text.js';
import { readPlan } from './read-plan.js';

/** What the interpreter of graphs needs beside the items' own activities. Queue `control`. */
export const createGraphActivities = (dependencies: GraphDependencies): GraphActivities => ({
  readPlan: readPlan(dependencies),
  keepText: keepText(dependencies),
  readText: readText(dependencies),
  bundleResults: bundleResults(dependencies),
  admitWork: admitWork(dependencies),
});
