import type { TestApi } from './api.js';

/** Routes that are tested together, apart from those of a run itself. */
const groups = {
  templates: /^(GET|POST) \/v1\/templates(?!$|\/\{name\}$)|^POST \/v1\/templates$/,
  continuing: /\/(rollback|rollback-points|rerun|continue)$/,
  work: /\/(kpis|messages|progress)$/,
  discoveries: /\/(discoveries|items\/\{item\})$/,
} as const;

type Group = keyof typeof groups | 'run';

/** The routes of a group that the document has, sorted. */
export function documentedRoutes({ contract }: TestApi, group: Group): string[] {
  const routes = Object.entries(contract.document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const others = Object.values(groups);
  return routes
    .filter((route) =>
      group === 'run' ? others.every((other) => !other.test(route)) : groups[group].test(route),
    )
    .sort();
}

/** The routes that were answered with success so far. */
export const answeredRoutes = ({ asked }: TestApi): Set<string> =>
  new Set([...asked].filter((line) => / 2\d\d$/.test(line)).map((line) => line.slice(0, -4)));
