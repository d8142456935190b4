import fc from 'fast-check';
import { DirectedGraph } from 'graphology';
import { describe, expect, test } from 'vitest';
import { readDescription } from '../../../../../libs/agents/builtin/threat/description/read-description.js';
import {
  type AttackGraph,
  attackGraph,
  internet,
  isSensitivePath,
} from '../../../../../libs/agents/builtin/threat/graph/attack-graph.js';
import { cheapestPaths } from '../../../../../libs/agents/builtin/threat/graph/cheapest-paths.js';
import { circles } from '../../../../../libs/agents/builtin/threat/graph/circles.js';
import {
  cutPoints,
  neighboursOf,
  partsOf,
} from '../../../../../libs/agents/builtin/threat/graph/cut-points.js';
import { disjointPaths, minimumCut } from '../../../../../libs/agents/builtin/threat/graph/minimum-cut.js';
import { reachable } from '../../../../../libs/agents/builtin/threat/graph/reachable.js';
import { serviceGraph } from '../../../../../libs/agents/builtin/threat/graph/service-graph.js';
import { placesFor } from '../../support/places.js';
import { shop } from './subjects.js';

const nodes = ['a', 'b', 'c', 'd', 'e', 'f'];
const edge = fc.tuple(fc.constantFrom(...nodes), fc.constantFrom(...nodes));
const edges = fc.uniqueArray(edge, { maxLength: 12, selector: (pair) => pair.join() });
const weighted = fc.uniqueArray(
  fc.tuple(...[fc.constantFrom(...nodes), fc.constantFrom(...nodes)], fc.integer({ min: 1, max: 5 })),
  {
    maxLength: 10,
    selector: ([from, to]) => `${from}${to}`,
  },
);

const subsets = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: 2 ** all.length }, (_, bits) =>
    all.filter((_one, index) => (bits >> index) % 2 === 1),
  );

const reaches = (all: readonly { from: string; to: string }[], from: string, to: string): boolean =>
  reachable(from, (node) => all.filter((one) => one.from === node).map((one) => one.to)).includes(to);

describe('of an undirected graph', () => {
  test('articulation points and bridges are what leaves more parts when it is taken away', () => {
    fc.assert(
      fc.property(edges, (pairs) => {
        const graph = neighboursOf(nodes, pairs);
        const parts = partsOf(graph).length;
        const { articulations, bridges } = cutPoints(graph);
        const alone = (node: string): boolean => graph.get(node)?.size === 0;
        expect(articulations).toEqual(
          nodes.filter((node) => !alone(node) && partsOf(graph, new Set([node])).length > parts),
        );
        const links = [
          ...new Set(pairs.filter(([a, b]) => a !== b).map((pair) => pair.toSorted().join('\n'))),
        ];
        expect(bridges.map((pair) => pair.join('\n'))).toEqual(
          links
            .filter((link) => {
              const others = links.filter((other) => other !== link).map((other) => other.split('\n'));
              const rest = neighboursOf(
                nodes,
                others.map(([a = '', b = '']): [string, string] => [a, b]),
              );
              return partsOf(rest).length > parts;
            })
            .sort(),
        );
      }),
    );
  });
});

describe('of a directed graph', () => {
  const graphOf = (all: readonly (readonly [string, string, number])[]): AttackGraph => {
    const graph: AttackGraph = new DirectedGraph();
    for (const node of nodes) graph.addNode(node);
    for (const [from, to, effort] of all)
      if (from !== to) graph.addEdge(from, to, { kind: 'connection', effort, days: 1, measure: '' });
    return graph;
  };
  const simplePaths = (graph: AttackGraph, path: readonly string[], target: string): string[][] => {
    const last = path.at(-1) ?? '';
    if (last === target) return [[...path]];
    return graph
      .outNeighbors(last)
      .filter((next) => !path.includes(next))
      .flatMap((next) => simplePaths(graph, [...path, next], target));
  };

  test('the cheapest paths are the cheapest of all paths without a repeated node', () => {
    fc.assert(
      fc.property(weighted, (all) => {
        const graph = graphOf(all);
        const efforts = simplePaths(graph, ['a'], 'f')
          .map((path) =>
            path
              .slice(1)
              .reduce((sum, to, index) => sum + graph.getEdgeAttribute(path[index], to, 'effort'), 0),
          )
          .toSorted((one, other) => one - other);
        const found = cheapestPaths(graph, 'a', 'f', 4);
        expect(found.map(({ effort }) => effort)).toEqual(efforts.slice(0, 4));
        expect(new Set(found.map((path) => path.nodes.join())).size).toBe(found.length);
      }),
    );
  });

  test('the minimum cut cuts, and no cheaper set of edges does', () => {
    fc.assert(
      fc.property(weighted, (all) => {
        const pipes = all
          .filter(([from, to]) => from !== to)
          .map(([from, to, capacity]) => ({ from, to, capacity }));
        const { value, cut } = minimumCut(pipes, 'a', 'f');
        const costOf = (some: typeof pipes): number => some.reduce((sum, { capacity }) => sum + capacity, 0);
        const cuts = (some: typeof pipes): boolean =>
          !reaches(
            pipes.filter((pipe) => !some.includes(pipe)),
            'a',
            'f',
          );
        expect(cuts(cut)).toBe(true);
        expect(costOf(cut)).toBe(value);
        expect(value).toBe(Math.min(...subsets(pipes).filter(cuts).map(costOf)));
      }),
    );
  });

  test('as many paths share no node as nodes have to go to cut them', () => {
    fc.assert(
      fc.property(edges, (pairs) => {
        const all = pairs
          .filter(([from, to]) => from !== to && !(from === 'a' && to === 'f'))
          .map(([from, to]) => ({ from, to }));
        const between = nodes.filter((node) => node !== 'a' && node !== 'f');
        const cutting = subsets(between).filter(
          (some) =>
            !reaches(
              all.filter(({ from, to }) => !some.includes(from) && !some.includes(to)),
              'a',
              'f',
            ),
        );
        expect(disjointPaths(all, 'a', 'f')).toBe(Math.min(...cutting.map(({ length }) => length)));
      }),
    );
  });

  test('services are in one circle exactly if each reaches the other', () => {
    fc.assert(
      fc.property(edges, (pairs) => {
        const all = pairs.filter(([from, to]) => from !== to).map(([from, to]) => ({ from, to }));
        const graph = serviceGraph({
          services: [],
          connections: [],
        });
        for (const node of nodes) graph.addNode(node);
        for (const { from, to } of all)
          graph.addEdge(from, to, { encrypted: null, credential: false, place: { file: '', line: 1 } });
        const found = circles(graph);
        for (const one of nodes)
          for (const other of nodes.filter((node) => node !== one))
            expect(found.some((circle) => circle.includes(one) && circle.includes(other))).toBe(
              reaches(all, one, other) && reaches(all, other, one),
            );
      }),
    );
  });
});

describe('the graph of attacks', () => {
  const graph = attackGraph(readDescription(shop));

  test.each([
    [internet, 'postgres', 'open-store'],
    [internet, 'gateway', 'entry'],
    [internet, 'payments', 'entry'],
    ['api', 'postgres', 'credential'],
    ['web', 'api', 'connection'],
    ['adminer', 'network back', 'network-out'],
    ['network back', 'redis', 'network-in'],
    ['gateway', 'compose host', 'socket'],
    ['worker', 'compose host', 'privileged'],
    ['metrics', 'compose host', 'host-access'],
    ['compose host', 'redis', 'from-host'],
  ])('leads from %s to %s by %s', (from, to, kind) => {
    expect(graph.getEdgeAttribute(from, to, 'kind')).toBe(kind);
  });

  test.each([
    [internet, 'redis', 'a port that is open to the host alone is not open'],
    [internet, 'api', 'nothing is published'],
    ['network kubernetes', 'ledger', 'a policy names who may'],
    ['web', 'network back', 'it is not in that network'],
    ['compose host', 'ledger', 'it runs elsewhere'],
  ])('does not lead from %s to %s: %s', (from, to) => {
    expect(graph.hasEdge(from, to)).toBe(false);
  });

  test.each([
    ['/', true],
    ['/etc', true],
    ['/etc/passwd', true],
    ['/var', true],
    ['/var/', true],
    ['/var/lib/docker/volumes', true],
    ['/var/lib/shop', false],
    ['/etcetera', false],
    ['/srv/data', false],
    ['./etc', false],
  ])('the path %s gives the host away: %s', (path, sensitive) => {
    expect(isSensitivePath(path)).toBe(sensitive);
  });
});

describe('the steps of an attack', () => {
  const kindOf = (files: Record<string, string>, from: string, to: string): string | null => {
    const graph = attackGraph(readDescription(placesFor(files).workspace));
    return graph.hasEdge(from, to) ? graph.getEdgeAttribute(from, to, 'kind') : null;
  };
  const compose = (a: string, b = 'image: "b:1"') => ({
    'compose.yaml': `services:\n  a: { image: "a:1", ${a} }\n  b: { ${b} }\n`,
  });

  test.each([
    ['cap_add: [SYS_ADMIN]', 'host-access'],
    ['cap_add: [CHOWN]', null],
    ['volumes: ["/etc:/x"]', 'host-access'],
    ['volumes: ["/etc:/x:ro"]', null],
    ['volumes: ["/run/containerd/containerd.sock:/x:ro"]', 'socket'],
    ['network_mode: host', 'host-access'],
  ])('a service with %s takes over its host by %s', (a, kind) => {
    expect(kindOf(compose(a), 'a', 'compose host')).toBe(kind);
  });

  test.each([
    ['environment: { B: "http://b" }', 'connection'],
    ['environment: { B: "http://user@b" }', 'credential'],
    ['environment: { B: "http://b", TOKEN: "$TOKEN" }', 'credential'],
    ['environment: { B: "http://b" }, networks: [x]', null],
    ['environment: { B: "http://b" }, network_mode: host', 'connection'],
  ])('a service with %s gets to the other by %s', (a, kind) => {
    expect(kindOf(compose(a), 'a', 'b')).toBe(kind);
  });

  test('a policy cuts off whoever it does not name, also one that has the address, and lets in whom it does', () => {
    const deployment = (name: string): string =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name} }\nspec: { template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ image: "x:1", env: [{ name: C, value: "http://c" }] }] } } }\n`;
    const files = {
      'all.yaml': [
        ...['a', 'b', 'c'].map(deployment),
        'apiVersion: v1\nkind: Service\nmetadata: { name: c }\nspec: { selector: { app: c } }\n',
        'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: p }\nspec: { podSelector: { matchLabels: { app: c } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: a } } }] }] }\n',
      ].join('---\n'),
    };
    expect(kindOf(files, 'a', 'c')).toBe('connection');
    expect(kindOf(files, 'b', 'c')).toBe(null);
    expect(kindOf(files, 'network kubernetes', 'c')).toBe(null);
    const silent = { 'all.yaml': files['all.yaml'].replaceAll('http://c', 'nothing') };
    expect(kindOf(silent, 'a', 'c')).toBe('connection');
  });
});
