import { readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { TaskFailure } from '../../answer/task-failure.js';
import { listFiles } from '../../subject/list-files.js';
import { byCodeUnit } from '../../subject/order.js';
import { readCompose } from './compose/read-compose.js';
import type { Compliance, Costs, Data, Description, Format, Service, Unread } from './description.js';
import { isKubernetes, readKubernetes } from './kubernetes/read-kubernetes.js';
import { readCompliance, readCosts, readData } from './own-formats.js';
import type { Part } from './part.js';
import { type Document, readDocument } from './read-document.js';
import { resolveUses } from './resolve-uses.js';
import { readYaml, type YamlText } from './yaml-text.js';

/** Files and services beyond these are not a description that anybody wrote; bytes of a file that is read. */
const most = { files: 2000, services: 500, bytes: 1024 * 1024, documentBytes: 256 * 1024 } as const;

const composeName = /^(?:docker-)?compose(?:[.-][\w-]+)*\.ya?ml$/;
const overrideName = /^(?:docker-)?compose\.override\.ya?ml$/;

/**
 * Reads all that a subject says about an infrastructure. What cannot be read is listed with its place and the reason,
 * and never ends the reading.
 *
 * @throws TaskFailure SubjectInvalid: there are more files or services than can be analysed
 */
export function readDescription(workspace: string): Description {
  const files = listFiles(workspace);
  const wanted = files.filter((file) => /\.(?:ya?ml|md|markdown)$/i.test(file));
  if (wanted.length > most.files)
    throw new TaskFailure('SubjectInvalid', `The description has more than ${most.files} files.`);
  const folder = new Folder(workspace, new Set(files));
  const parts: Part[] = [];
  const manifests: { file: string; yaml: YamlText }[] = [];
  const documents: Document[] = [];
  let costs: Costs | null = null;
  let compliance: Compliance | null = null;
  let data: Data | null = null;
  for (const file of wanted) {
    const name = posix.basename(file);
    if (/\.(?:md|markdown)$/i.test(file)) {
      const text = folder.text(file, 'document');
      const document = text === null ? null : readDocument(file, text);
      if (document !== null) {
        documents.push(document);
        folder.note(file, 'document');
      } else if (text !== null) folder.leave('document', file, 'Its blocks are nested too deeply');
      continue;
    }
    const format = formatOf(name);
    const yaml = folder.yaml(file, format);
    const [first] = yaml;
    if (first === undefined) continue;
    switch (format) {
      case 'costs': {
        if (costs !== null) folder.leave(format, file, 'Only the first file of costs is read');
        else costs = folder.taken(file, format, readCosts(file, first), ({ costs: read }) => read);
        break;
      }
      case 'compliance': {
        if (compliance !== null) folder.leave(format, file, 'Only the first file of controls is read');
        else
          compliance = folder.taken(
            file,
            format,
            readCompliance(file, first),
            ({ compliance: read }) => read,
          );
        break;
      }
      case 'data': {
        if (data !== null) folder.leave(format, file, 'Only the first file of data is read');
        else data = folder.taken(file, format, readData(file, first), ({ data: read }) => read);
        break;
      }
      default: {
        if (overrideName.test(name)) folder.leave(format, file, 'Overrides of Compose are not applied');
        else if (composeName.test(name)) {
          parts.push(readCompose(file, first, (path) => folder.text(path, null)));
          folder.note(file, format);
        } else {
          const objects = yaml.filter(isKubernetes).map((one) => ({ file, yaml: one }));
          manifests.push(...objects);
          if (objects.length > 0) folder.note(file, format);
        }
      }
    }
  }
  parts.push(readKubernetes(manifests));
  folder.unread.push(...parts.flatMap(({ unread }) => unread));
  const services = oncePerName(
    parts.flatMap((part) => part.services),
    folder.unread,
  );
  if (services.length > most.services)
    throw new TaskFailure('SubjectInvalid', `The description has more than ${most.services} services.`);
  return {
    services,
    ...resolveUses(services, parts),
    documents,
    costs,
    compliance,
    data,
    unread: folder.unread.toSorted(
      (a, b) => byCodeUnit(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0) || byCodeUnit(a.reason, b.reason),
    ),
    read: folder.read,
    files: folder.files,
  };
}

function formatOf(name: string): Format {
  const [, own] = /^(costs|compliance|data)\.ya?ml$/.exec(name) ?? [];
  return own === 'costs' || own === 'compliance' || own === 'data' ? own : 'infrastructure';
}

/** Of services with the same name the first counts: a description has one of each. */
function oncePerName(services: readonly Service[], unread: Unread[]): Service[] {
  const known = new Map<string, Service>();
  for (const service of services) {
    const first = known.get(service.name);
    if (first === undefined) known.set(service.name, service);
    else
      unread.push({
        format: 'infrastructure',
        ...service.place,
        reason: `The service ${service.name} is described in ${first.place.file} too, which counts.`,
      });
  }
  return [...known.values()].sort((a, b) => byCodeUnit(a.name, b.name));
}

/** The files of a subject, and an account of which were read. */
class Folder {
  readonly unread: Unread[] = [];
  readonly read: { file: string; format: Format }[] = [];

  constructor(
    private readonly workspace: string,
    readonly files: ReadonlySet<string>,
  ) {}

  note(file: string, format: Format): void {
    this.read.push({ file, format });
  }

  leave(format: Format, file: string, reason: string, line: number | null = null): void {
    this.unread.push({ format, file, line, reason: `${reason}.` });
  }

  /**
   * Text of a file; null where it is not there or is not a text.
   *
   * @param format for which a reason is noted; null notes none
   */
  text(file: string, format: Format | null): string | null {
    const leave = (reason: string): null => {
      if (format !== null) this.leave(format, file, reason);
      return null;
    };
    if (!this.files.has(file)) return leave('It is not in the subject');
    const path = join(this.workspace, file);
    const largest = format === 'document' ? most.documentBytes : most.bytes;
    if (statSync(path).size > largest) return leave(`It is larger than ${largest} bytes`);
    const bytes = readFileSync(path);
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      return leave('It is not text in UTF-8');
    }
  }

  yaml(file: string, format: Format): YamlText[] {
    const text = this.text(file, format);
    if (text === null) return [];
    const { documents, problem } = readYaml(text);
    if (problem !== null) {
      this.leave(format, file, `It is not valid YAML from here on: ${problem.reason}`, problem.line);
    } else if (documents.length === 0) this.leave(format, file, 'It is empty');
    return documents;
  }

  taken<T extends { readonly unread: readonly Unread[] }, R>(
    file: string,
    format: Format,
    result: T,
    select: (result: T) => R | null,
  ): R | null {
    this.unread.push(...result.unread);
    const selected = select(result);
    if (selected !== null) this.note(file, format);
    return selected;
  }
}
