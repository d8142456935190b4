import type { Variable } from '../read-environment.js';
import { type Container, configMapSchema } from './kubernetes-schema.js';
import { type Manifest, type Manifests, placeIn } from './manifest.js';

/** The variables of a container, those of a ConfigMap with the place there. */
export type VariablesOf = (
  manifest: Manifest,
  container: Container,
  path: readonly PropertyKey[],
) => Variable[];

/** Reads the objects of the kind ConfigMap, from which containers take variables. */
export function readVariables(manifests: Manifests): VariablesOf {
  const configs = new Map(
    manifests
      .ofKind('ConfigMap', configMapSchema)
      .map(({ manifest, body }) => [
        `${manifest.namespace}/${manifest.name}`,
        Object.entries(body.data).map(
          ([name, value]): Variable => ({ name, value, place: placeIn(manifest, ['data', name]) }),
        ),
      ]),
  );
  return (manifest, { env, envFrom }, path) => {
    const config = (name: string, inner: readonly PropertyKey[]): readonly Variable[] => {
      const found = configs.get(`${manifest.namespace}/${name}`);
      if (found === undefined)
        manifests.leave(manifest, inner, `The ConfigMap ${name} is not in the subject (${manifest.name})`);
      return found ?? [];
    };
    return [
      ...envFrom.flatMap(({ secretRef, configMapRef }, index): readonly Variable[] => {
        const inner = [...path, 'envFrom', index];
        if (secretRef !== undefined)
          return [{ name: `${secretRef.name}_SECRET`, value: null, place: placeIn(manifest, inner) }];
        return configMapRef === undefined ? [] : config(configMapRef.name, inner);
      }),
      ...env.map(({ name, value, valueFrom }, index): Variable => {
        const inner = [...path, 'env', index];
        const from = valueFrom?.configMapKeyRef;
        const found =
          from === undefined
            ? undefined
            : config(from.name, inner).find((variable) => variable.name === from.key);
        return found === undefined
          ? { name, value: value ?? null, place: placeIn(manifest, inner) }
          : { ...found, name };
      }),
    ];
  };
}
