import { z } from 'zod';
import { severities } from '../../../../contracts/reports/finding.js';
import { classifications, controlStates } from '../../../../contracts/reports/threat.js';
import {
  type Compliance,
  type Costs,
  controlChecks,
  criticalities,
  type Data,
  type Format,
  type Unread,
} from './description.js';
import { lenient, type YamlText } from './yaml-text.js';

const name = z.string().min(1).max(200);
const nameList = z.array(name).max(1000);
const money = z.number().nonnegative().max(1e12);

const costsSchema = z.strictObject({
  version: z.literal(1),
  currency: z.string().regex(/^[A-Z]{3}$/, 'It is a code of three capital letters, such as EUR.'),
  revenue_monthly: money.nullable().default(null),
  services: z.record(z.string(), z.unknown()),
});
const costSchema = z.strictObject({
  monthly: money,
  criticality: z.enum(criticalities).nullable().default(null),
  revenue_share: z.number().min(0).max(1).default(0),
});

const complianceSchema = z.strictObject({
  version: z.literal(1),
  framework: z.string().max(200).nullable().default(null),
  controls: z.array(z.unknown()),
});
const controlSchema = z.strictObject({
  id: z.string().min(1).max(60),
  title: z.string().min(1).max(300),
  status: z.enum(controlStates),
  evidence: z.string().min(1).max(500).nullable().default(null),
  check: z.enum(controlChecks).nullable().default(null),
  severity: z.enum(severities).default('major'),
  applies_to: nameList.nullable().default(null),
});

const dataSchema = z.strictObject({ version: z.literal(1), classes: z.array(z.unknown()) });
const dataClassSchema = z.strictObject({
  name,
  classification: z.enum(classifications),
  stored_in: nameList,
  read_by: nameList.default([]),
  written_by: nameList.default([]),
  sent_to: nameList.default([]),
  encrypted_at_rest: z.boolean().nullable().default(null),
});

/** Reads the parts of a file, each for itself: one that is wrong is left out and reported, the others count. */
class Reader {
  readonly unread: Unread[] = [];

  constructor(
    private readonly file: string,
    private readonly format: Format,
    private readonly yaml: YamlText,
  ) {}

  read<T extends z.ZodType>(
    schema: T,
    value: unknown,
    path: readonly PropertyKey[],
  ): z.output<T> | undefined {
    return lenient(schema, value, (inner, reason) =>
      this.unread.push({
        format: this.format,
        file: this.file,
        line: this.yaml.lineOf([...path, ...inner]),
        reason: `${reason}.`.replace(/\.\.$/, '.'),
      }),
    );
  }

  place(path: readonly PropertyKey[]) {
    return { file: this.file, line: this.yaml.lineOf(path) };
  }
}

/** `costs.yaml`: what each service costs, and what hangs on it. */
export function readCosts(file: string, yaml: YamlText): { costs: Costs | null; unread: Unread[] } {
  const reader = new Reader(file, 'costs', yaml);
  const top = reader.read(costsSchema, yaml.value, []);
  if (top === undefined) return { costs: null, unread: reader.unread };
  const services = Object.entries(top.services).flatMap(([service, value]) => {
    const path = ['services', service];
    const cost = reader.read(costSchema, value, path);
    if (cost === undefined) return [];
    return [
      {
        service,
        monthly: cost.monthly,
        criticality: cost.criticality,
        revenueShare: cost.revenue_share,
        place: reader.place(path),
      },
    ];
  });
  return {
    costs: { file, currency: top.currency, revenueMonthly: top.revenue_monthly, services },
    unread: reader.unread,
  };
}

/** `compliance.yaml`: which controls apply, how they stand, and what shows it. */
export function readCompliance(
  file: string,
  yaml: YamlText,
): { compliance: Compliance | null; unread: Unread[] } {
  const reader = new Reader(file, 'compliance', yaml);
  const top = reader.read(complianceSchema, yaml.value, []);
  if (top === undefined) return { compliance: null, unread: reader.unread };
  const controls = top.controls.flatMap((value, index) => {
    const path = ['controls', index];
    const control = reader.read(controlSchema, value, path);
    if (control === undefined) return [];
    const { applies_to: appliesTo, ...rest } = control;
    return [{ ...rest, appliesTo, place: reader.place(path) }];
  });
  return { compliance: { file, framework: top.framework, controls }, unread: reader.unread };
}

/** `data.yaml`: which classes of data there are, where they are kept, and who reads and writes them. */
export function readData(file: string, yaml: YamlText): { data: Data | null; unread: Unread[] } {
  const reader = new Reader(file, 'data', yaml);
  const top = reader.read(dataSchema, yaml.value, []);
  if (top === undefined) return { data: null, unread: reader.unread };
  const classes = top.classes.flatMap((value, index) => {
    const path = ['classes', index];
    const data = reader.read(dataClassSchema, value, path);
    if (data === undefined) return [];
    return [
      {
        name: data.name,
        classification: data.classification,
        storedIn: data.stored_in,
        readBy: data.read_by,
        writtenBy: data.written_by,
        sentTo: data.sent_to,
        encryptedAtRest: data.encrypted_at_rest,
        place: reader.place(path),
      },
    ];
  });
  return { data: { file, classes }, unread: reader.unread };
}
