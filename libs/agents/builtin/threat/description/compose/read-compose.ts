import { posix } from 'node:path';
import { capabilityName } from '../capability-name.js';
import type { Mount, Place, Service, Unread } from '../description.js';
import { kindOfMount } from '../kind-of-mount.js';
import type { Part, Use } from '../part.js';
import { readEnvironment, type Variable } from '../read-environment.js';
import { roleOf } from '../role-of.js';
import { lenient, type YamlText } from '../yaml-text.js';
import { type ComposeService, composeServiceSchema } from './compose-schema.js';
import { interpolated } from './interpolate.js';
import { publishedPort } from './published-port.js';
import { variablesOfText } from './variables-of-text.js';

/** Where and with what a file of Compose is read. */
interface Reading {
  readonly file: string;
  readonly yaml: YamlText;
  readonly unread: Unread[];
  /** Text of another file of the subject; null where there is none. */
  readonly textOf: (path: string) => string | null;
}

/** The services of a file of Compose. */
export function readCompose(file: string, yaml: YamlText, textOf: Reading['textOf']): Part {
  const unread: Unread[] = [];
  const reading: Reading = { file, yaml, unread, textOf };
  const top = isRecord(yaml.value) ? yaml.value : {};
  if ('include' in top) leave(reading, ['include'], 'Files that "include" names are not followed');
  if (!isRecord(top.services)) {
    leave(reading, ['services'], 'It has no map of services');
    return { services: [], uses: [], hosts: [], unread };
  }
  const parts = Object.entries(top.services).flatMap(([name, value]) => {
    const path = ['services', name];
    const body = lenient(composeServiceSchema, interpolated(value), (inner, reason) =>
      leave(reading, [...path, ...inner], `${reason} (service ${name})`),
    );
    return body === undefined ? [] : [readService(reading, name, body, path)];
  });
  return {
    services: parts.map(({ service }) => service),
    uses: parts.flatMap(({ uses }) => uses),
    hosts: parts.flatMap(({ hosts }) => hosts),
    unread,
  };
}

function readService(
  reading: Reading,
  name: string,
  body: ComposeService,
  path: readonly string[],
): { service: Service; uses: Use[]; hosts: { host: string; service: string }[] } {
  const at = (...inner: PropertyKey[]): Place => ({
    file: reading.file,
    line: reading.yaml.lineOf([...path, ...inner]),
  });
  if (body.extends !== undefined)
    leave(reading, [...path, 'extends'], `"extends" is not followed (service ${name})`);
  if (/^(?:service|container):/.test(body.network_mode ?? ''))
    leave(reading, [...path, 'network_mode'], `The network of another is not followed (service ${name})`);
  const variables = variablesOf(reading, body, name, path, at);
  const args = [...(body.command ?? []), ...(body.entrypoint ?? [])].map((value) => ({
    value,
    place: at('command'),
  }));
  const environment = readEnvironment(name, variables, args);
  const images = body.image === undefined ? [] : [{ image: body.image, place: at('image') }];
  const ports = body.ports.map((port, index) => publishedPort(port, at('ports', index)));
  const role = roleOf(
    images.map(({ image }) => image),
    name,
  );
  const { networks, aliases } = networksOf(reading.file, body);
  const service: Service = {
    name,
    platform: 'compose',
    place: at(),
    images,
    role,
    replicas: body.deploy?.replicas ?? body.scale ?? 1,
    ports,
    entry:
      role === 'proxy' ||
      (role === 'application' && ports.some(({ number }) => number === 80 || number === 443)),
    networks,
    allowedFrom: null,
    secrets: [
      ...environment.secrets,
      ...body.secrets.map((secret, index) => ({
        name: typeof secret === 'string' ? secret : secret.source,
        literal: false,
        place: at('secrets', index),
      })),
    ],
    mounts: body.volumes.map((volume, index) => mountOf(volume, at('volumes', index))),
    privileged: body.privileged,
    capabilities: body.cap_add.map(capabilityName),
    dropsAll: body.cap_drop.some((capability) => capabilityName(capability) === 'ALL'),
    hostNamespaces: [
      ...(body.network_mode === 'host' ? ['network'] : []),
      ...(body.pid === 'host' ? ['pid'] : []),
      ...(body.ipc === 'host' ? ['ipc'] : []),
    ],
    rootless: body.user === undefined ? null : !/^(?:0|root)(?::|$)/.test(body.user),
    readOnly: body.read_only,
    memoryLimit: body.mem_limit !== undefined || body.deploy?.resources?.limits?.memory !== undefined,
    healthcheck:
      body.healthcheck !== undefined && !body.healthcheck.disable && !isNone(body.healthcheck.test),
  };
  const depends = Array.isArray(body.depends_on) ? body.depends_on : Object.keys(body.depends_on);
  return {
    service,
    uses: [
      ...depends.map(
        (other, index): Use => ({
          from: name,
          by: 'depends_on',
          name: other,
          place: at('depends_on', Array.isArray(body.depends_on) ? index : other),
        }),
      ),
      ...body.links.map(
        (link, index): Use => ({
          from: name,
          by: 'links',
          name: link.split(':')[0] ?? link,
          place: at('links', index),
        }),
      ),
      ...environment.uses,
    ],
    hosts: [name, body.container_name, body.hostname, ...aliases].flatMap((host) =>
      host === undefined ? [] : [{ host: host.toLowerCase(), service: name }],
    ),
  };
}

const isNone = (test: unknown): boolean => test === 'NONE' || (Array.isArray(test) && test[0] === 'NONE');
/** Services share a network by its name in one folder, as in one project of Compose. */
function networksOf(file: string, body: ComposeService): { networks: string[]; aliases: string[] } {
  const mode = body.network_mode;
  if (mode !== undefined && mode !== 'bridge') return { networks: [], aliases: [] };
  const folder = posix.dirname(file);
  const id = (network: string): string => (folder === '.' ? network : `${folder}/${network}`);
  const { networks = ['default'] } = body;
  if (Array.isArray(networks)) return { networks: networks.map(id), aliases: [] };
  return {
    networks: Object.keys(networks).map(id),
    aliases: Object.values(networks).flatMap((network) => network?.aliases ?? []),
  };
}

function mountOf(volume: ComposeService['volumes'][number], place: Place): Mount {
  if (typeof volume !== 'string') {
    const source = volume.source ?? '';
    return { source, kind: kindOfMount(source, volume.type === 'bind'), writable: !volume.read_only, place };
  }
  const parts = volume.split(':');
  const [source = ''] = parts;
  const isPath = parts.length > 1 && /^(?:[./~]|\$)/.test(source);
  const options = parts.slice(2).join(':').split(',');
  return { source, kind: kindOfMount(source, isPath), writable: !options.includes('ro'), place };
}

function variablesOf(
  reading: Reading,
  body: ComposeService,
  service: string,
  path: readonly string[],
  at: (...inner: PropertyKey[]) => Place,
): Variable[] {
  const fromFiles = body.env_file.flatMap((file): Variable[] => {
    const target = posix.normalize(posix.join(posix.dirname(reading.file), file));
    const text = reading.textOf(target);
    if (text === null) {
      leave(reading, [...path, 'env_file'], `The file ${file} is not in the subject (service ${service})`);
      return [];
    }
    return variablesOfText(text, target);
  });
  const own = Array.isArray(body.environment)
    ? body.environment.map((line, index): Variable => {
        const [, name = line, value = null] = /^([^=]*)(?:=([\s\S]*))?$/.exec(line) ?? [];
        return { name, value, place: at('environment', index) };
      })
    : Object.entries(body.environment).map(
        ([name, value]): Variable => ({
          name,
          value: value === null ? null : String(value),
          place: at('environment', name),
        }),
      );
  return [...fromFiles, ...own];
}

function leave({ file, yaml, unread }: Reading, path: readonly PropertyKey[], reason: string): void {
  unread.push({ format: 'infrastructure', file, line: yaml.lineOf(path), reason: `${reason}.` });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
