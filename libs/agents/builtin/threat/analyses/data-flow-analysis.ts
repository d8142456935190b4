import { UndirectedGraph } from 'graphology';
import { bidirectional } from 'graphology-shortest-path';
import type { Classification, DataFlowAnalysis } from '../../../../contracts/reports/threat.js';
import { byCodeUnit } from '../../subject/order.js';
import type { DataClass, Description } from '../description/description.js';
import { isExposed } from '../graph/attack-graph.js';
import { type ServiceGraph, serviceGraph } from '../graph/service-graph.js';
import { conclude, Findings } from './conclude.js';

type Flow = DataFlowAnalysis['flows'][number];

/** Whether harm is done when data of this class become known. */
export const isSensitive = (classification: Classification): boolean =>
  classification === 'confidential' || classification === 'restricted';

/** Where classes of data go over the services' connections, and where they should not. */
export function analyseDataFlow(description: Description): DataFlowAnalysis {
  const { services, data, external } = description;
  const findings = new Findings('data-flow-analysis');
  const unread = findings.addUnread(description, 'data');
  if (data === null)
    findings.add('no-data', 'major', null, 'The description does not say which data there are.');
  const classes = data?.classes ?? [];
  const graph = serviceGraph(description);
  const traced = classes.map((one) => traceClass(one, graph, findings));
  const flows = traced.flatMap((trace) => trace.flows);

  checkHops(flows, graph, new Set(services.filter(isExposed).map(({ name }) => name)), findings);
  checkEnds(classes, description, findings);
  checkAccess(classes, description, findings);
  const unclassified = services.filter(
    ({ name, role }) => role === 'store' && !classes.some(({ storedIn }) => storedIn.includes(name)),
  );
  if (data !== null)
    for (const { name, place } of unclassified)
      findings.add('unclassified-store', 'minor', place, `Nobody says which data are in ${name}.`);

  const stores = new Set(classes.flatMap(({ storedIn }) => storedIn).filter((name) => graph.hasNode(name)));
  return {
    kind: 'data-flow-analysis',
    ...conclude(findings.all, {
      checked: flows.length + stores.size,
      unchecked: traced.reduce((sum, { untraced }) => sum + untraced, 0) + unclassified.length + unread,
    }),
    flows,
    external: external.map(({ from, host, encrypted }) => ({ from, host, encrypted })),
  };
}

/** The flows of one class: from who writes it to where it is kept, and from there to who reads it. */
function traceClass(
  one: DataClass,
  graph: ServiceGraph,
  findings: Findings,
): { flows: Flow[]; untraced: number } {
  const named = [...new Set([...one.storedIn, ...one.readBy, ...one.writtenBy])];
  const unknown = named.filter((name) => !graph.hasNode(name));
  for (const name of unknown)
    findings.add('unknown-service', 'minor', one.place, `${one.name} names ${name}, which is no service.`);
  const wanted = one.storedIn.flatMap((store) => [
    ...one.writtenBy.map((service) => ({ store, service, writes: true })),
    ...one.readBy.map((service) => ({ store, service, writes: false })),
  ]);
  const flows: Flow[] = [];
  let untraced = unknown.length;
  for (const { store, service, writes } of wanted) {
    if (store === service || !graph.hasNode(store) || !graph.hasNode(service)) continue;
    const way = bidirectional(graph, service, store) ?? handedOn(named, graph, service, store);
    if (way === null) {
      untraced += 1;
      findings.add(
        'flow-without-connection',
        'minor',
        one.place,
        `${service} is said to ${writes ? 'write' : 'read'} ${one.name} in ${store}, and has no connection to it.`,
      );
      continue;
    }
    const by = writes ? way : way.toReversed();
    flows.push({
      data: one.name,
      classification: one.classification,
      from: writes ? service : store,
      to: writes ? store : service,
      by,
      encrypted: encryptionOf(way, graph),
    });
  }
  return { flows, untraced };
}

/**
 * The way on which others who have the data hand it on, whoever of them asks: `payments` reads in `ledger`, and calls
 * `fraud-check` with what it read.
 */
function handedOn(
  named: readonly string[],
  graph: ServiceGraph,
  service: string,
  store: string,
): string[] | null {
  const among = new UndirectedGraph();
  for (const name of named) if (graph.hasNode(name)) among.mergeNode(name);
  graph.forEachEdge((_edge, _link, from, to) => {
    if (among.hasNode(from) && among.hasNode(to)) among.mergeEdge(from, to);
  });
  return bidirectional(among, service, store);
}

/** The connection between two services, whichever of them makes it. */
const between = (one: string, other: string, graph: ServiceGraph) =>
  graph.hasEdge(one, other) ? { from: one, to: other } : { from: other, to: one };

function encryptionOf(way: readonly string[], graph: ServiceGraph): boolean | null {
  const each = way.slice(1).map((next, index) => {
    const { from, to } = between(way[index] ?? next, next, graph);
    return graph.getEdgeAttribute(from, to, 'encrypted');
  });
  if (each.includes(false)) return false;
  return each.includes(null) ? null : true;
}

/** Each connection once, with all classes that go over it. */
function checkHops(
  flows: readonly Flow[],
  graph: ServiceGraph,
  exposed: ReadonlySet<string>,
  findings: Findings,
): void {
  const hops = new Map<string, { from: string; to: string; flows: Flow[] }>();
  for (const flow of flows) {
    if (!isSensitive(flow.classification)) continue;
    for (const [index, next] of flow.by.slice(1).entries()) {
      const one = flow.by[index] ?? next;
      const { from, to } = between(one, next, graph);
      const hop = hops.get(`${from}\n${to}`) ?? { from, to, flows: [] };
      hop.flows.push(flow);
      hops.set(`${from}\n${to}`, hop);
    }
  }
  for (const { from, to, flows: over } of hops.values()) {
    const { encrypted, place } = graph.getEdgeAttributes(from, to);
    if (encrypted === true) continue;
    const names = [...new Set(over.map(({ data }) => data))].sort(byCodeUnit).join(', ');
    const restricted = over.some(({ classification }) => classification === 'restricted');
    if (encrypted === null)
      findings.add(
        'encryption-unknown',
        'info',
        place,
        `Nothing says how ${from} reaches ${to}, over which go: ${names}.`,
      );
    else
      findings.add(
        'sensitive-unencrypted',
        restricted && (exposed.has(from) || exposed.has(to)) ? 'critical' : 'major',
        place,
        `${from} reaches ${to} unencrypted, over which go: ${names}.`,
      );
  }
}

/** What is at the ends of the flows: stores that are open, readers at the edge, data at rest. */
function checkEnds(classes: readonly DataClass[], { services }: Description, findings: Findings): void {
  for (const one of classes) {
    if (!isSensitive(one.classification)) continue;
    const restricted = one.classification === 'restricted';
    for (const service of services) {
      if (!isExposed(service)) continue;
      if (one.storedIn.includes(service.name))
        findings.add(
          'exposed-store',
          'critical',
          service.place,
          `${service.name} is open to the outside and keeps ${one.name}.`,
        );
      else if (one.readBy.includes(service.name))
        findings.add(
          'sensitive-at-edge',
          restricted ? 'major' : 'minor',
          service.place,
          `${service.name} is open to the outside and reads ${one.name}.`,
        );
    }
    if (one.encryptedAtRest === false)
      findings.add(
        'not-encrypted-at-rest',
        'major',
        one.place,
        `${one.name} is not encrypted where it is kept.`,
      );
    if (one.encryptedAtRest === null)
      findings.add(
        'at-rest-unknown',
        'minor',
        one.place,
        `Nobody says whether ${one.name} is encrypted where it is kept.`,
      );
  }
}

/** Who has a connection to sensitive data, or sends out what it reads, and is not said to. */
function checkAccess(classes: readonly DataClass[], description: Description, findings: Findings): void {
  const sensitive = classes.filter(({ classification }) => isSensitive(classification));
  const seen = new Set<string>();
  for (const { from, to, by, place } of description.connections) {
    const kept = classes.filter(({ storedIn }) => storedIn.includes(to));
    const key = `${from}\n${to}`;
    if (by !== 'address' || seen.has(key) || !kept.some(({ classification }) => isSensitive(classification)))
      continue;
    if (kept.some(({ readBy, writtenBy }) => readBy.includes(from) || writtenBy.includes(from))) continue;
    seen.add(key);
    findings.add(
      'undeclared-access',
      'major',
      place,
      `${from} connects to ${to}, and is not said to read or write there.`,
    );
  }
  for (const { from, host, encrypted, place } of description.external) {
    if (encrypted === false)
      findings.add('external-unencrypted', 'major', place, `${from} reaches ${host} unencrypted.`);
    const read = sensitive.filter(({ readBy, sentTo }) => readBy.includes(from) && !sentTo.includes(host));
    if (read.length > 0)
      findings.add(
        'undeclared-recipient',
        'minor',
        place,
        `${from} reaches ${host}, and reads what is not said to go there: ${read.map(({ name }) => name).join(', ')}.`,
      );
  }
}
