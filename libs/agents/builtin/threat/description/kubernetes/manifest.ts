import type { z } from 'zod';
import type { Place, Unread } from '../description.js';
import { lenient, type YamlText } from '../yaml-text.js';
import { objectSchema, type Pod } from './kubernetes-schema.js';

/** An object of Kubernetes as it stands in a file. */
export interface Manifest {
  readonly file: string;
  readonly yaml: YamlText;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** A pod as an object describes it, and the labels by which others select it. */
export interface Workload {
  readonly manifest: Manifest;
  readonly labels: Readonly<Record<string, string>>;
  readonly pod: Pod;
  /** Where the pod is in its object. */
  readonly podPath: readonly string[];
}

/** All objects of a description, and an account of what of them is not read. */
export class Manifests {
  readonly all: readonly Manifest[];
  readonly unread: Unread[] = [];

  constructor(documents: readonly { readonly file: string; readonly yaml: YamlText }[]) {
    this.all = documents.map(({ file, yaml }): Manifest => {
      const { kind, metadata } = objectSchema.parse(yaml.value);
      return { file, yaml, kind, name: metadata.name, namespace: metadata.namespace };
    });
  }

  /** An object, or the part of it that a path leads to, by a schema; undefined where it is not what it should be. */
  read<T extends z.ZodType>(
    manifest: Manifest,
    schema: T,
    path: readonly string[] = [],
  ): z.output<T> | undefined {
    return lenient(schema, valueAt(manifest.yaml.value, path), (inner, reason) =>
      this.leave(manifest, [...path, ...inner], `${reason} (${manifest.kind} ${manifest.name})`),
    );
  }

  /** Objects of a kind that keep to a schema. */
  ofKind<T extends z.ZodType>(kind: string, schema: T): { manifest: Manifest; body: z.output<T> }[] {
    return this.all
      .filter((manifest) => manifest.kind === kind)
      .flatMap((manifest) => {
        const body = this.read(manifest, schema);
        return body === undefined ? [] : [{ manifest, body }];
      });
  }

  leave(manifest: Manifest, path: readonly PropertyKey[], reason: string): void {
    this.unread.push({ format: 'infrastructure', ...placeIn(manifest, path), reason: `${reason}.` });
  }
}

/** Where a part of an object is. */
export const placeIn = ({ file, yaml }: Manifest, path: readonly PropertyKey[]): Place => ({
  file,
  line: yaml.lineOf(path),
});

/** What a path leads to; undefined where it leads nowhere. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? Reflect.get(inner, key)
        : undefined,
    value,
  );
}

/** The workloads of a namespace that have these labels. */
export const selected = (
  workloads: readonly Workload[],
  namespace: string,
  labels: Readonly<Record<string, string>>,
): Workload[] =>
  workloads.filter(
    (workload) =>
      workload.manifest.namespace === namespace &&
      Object.entries(labels).every(([name, value]) => workload.labels[name] === value),
  );
