import type { BusinessFinancial } from '../../../../contracts/reports/threat.js';
import { byCodeUnit } from '../../subject/order.js';
import { criticalities, type Description } from '../description/description.js';
import { reachable } from '../graph/reachable.js';
import { serviceGraph } from '../graph/service-graph.js';
import { conclude, Findings, rounded } from './conclude.js';

/** Above these shares much hangs on one service. The reference page `threat-assessment` repeats them. */
const limits = { cost: 0.4, revenue: 0.5 } as const;

/** What the services cost, and what their failure would cost: they take with them whatever depends on them. */
export function analyseCosts(description: Description): BusinessFinancial {
  const { services, costs } = description;
  const findings = new Findings('business-financial');
  const unread = findings.addUnread(description, 'costs');
  if (costs === null) findings.add('no-costs', 'minor', null, 'The description says nothing about costs.');
  const known = new Map((costs?.services ?? []).map((cost) => [cost.service, cost]));
  const graph = serviceGraph(description);
  const monthly = (costs?.services ?? []).reduce((sum, cost) => sum + cost.monthly, 0);
  const names = new Set(services.map(({ name }) => name));
  for (const { service, place } of known.values())
    if (!names.has(service))
      findings.add('cost-of-unknown', 'minor', place, `There is no service ${service}.`);

  const impacts = services.map(({ name, place, replicas }) => {
    const affected = reachable(name, (one) => graph.inNeighbors(one)).sort(byCodeUnit);
    const cost = known.get(name);
    const revenueShare = Math.min(
      1,
      affected.reduce((sum, one) => sum + (known.get(one)?.revenueShare ?? 0), 0),
    );
    if (costs !== null && cost === undefined)
      findings.add('no-cost', 'minor', place, `Nobody says what ${name} costs.`);
    if (revenueShare >= limits.revenue && replicas < 2)
      findings.add(
        'revenue-on-one-replica',
        'major',
        cost?.place ?? place,
        `${percent(revenueShare)} of the revenue hangs on ${name}, which has one replica.`,
      );
    const higher = affected.find(
      (one) => rank(known.get(one)?.criticality) > rank(cost?.criticality) && cost?.criticality != null,
    );
    if (cost !== undefined && higher !== undefined)
      findings.add(
        'criticality-too-low',
        'minor',
        cost.place,
        `${name} is said to be ${cost.criticality}, and ${higher}, which needs it, is ${known.get(higher)?.criticality}.`,
      );
    return { name, cost, affected, revenueShare: rounded(revenueShare, 4) };
  });
  const largest = [...known.values()].reduce((most, { monthly: one }) => Math.max(most, one), 0);
  const largestShare = monthly === 0 ? 0 : rounded(largest / monthly, 4);
  const biggest = [...known.values()].find((cost) => cost.monthly === largest);
  if (biggest !== undefined && largestShare > limits.cost)
    findings.add(
      'cost-concentration',
      'minor',
      biggest.place,
      `${biggest.service} makes up ${percent(largestShare)} of all costs.`,
    );
  const priced = services.filter(({ name }) => known.has(name)).length;
  const revenue = costs?.revenueMonthly ?? null;
  return {
    kind: 'business-financial',
    ...conclude(findings.all, { checked: priced, unchecked: services.length - priced + unread }),
    currency: costs?.currency ?? null,
    monthly: rounded(monthly, 2),
    largestShare,
    services: impacts.map(({ name, cost, affected, revenueShare }) => ({
      name,
      monthly: cost?.monthly ?? null,
      criticality: cost?.criticality ?? null,
      affected,
      revenueShare,
      exposure: revenue === null ? null : rounded(revenue * revenueShare, 2),
    })),
  };
}

const rank = (criticality: (typeof criticalities)[number] | null | undefined): number =>
  criticality == null ? -1 : criticalities.indexOf(criticality);
const percent = (share: number): string => `${Math.round(share * 100)} %`;
