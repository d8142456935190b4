import type { Classification, controlStates } from '../../../../contracts/reports/threat.js';
import type { Severity } from '../severity.js';
import type { Document } from './read-document.js';

/** Where something is said. Line is 1-based; file is relative to the subject. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** What a file is read for. */
export type Format = 'infrastructure' | 'document' | 'costs' | 'compliance' | 'data';

/** What could not be read, or is not taken into account, and why. */
export interface Unread {
  readonly format: Format;
  readonly file: string;
  readonly line: number | null;
  readonly reason: string;
}

/** What a service is for, by the name of its image. */
export type Role = 'store' | 'queue' | 'admin' | 'proxy' | 'mail' | 'application';

/** A port that is open outside the service's networks. */
export interface PublishedPort {
  /** As people write it, such as `0.0.0.0:5432`. */
  readonly shown: string;
  /** Port on the host, where it is said. */
  readonly number: number | null;
  /** Open to the host alone. */
  readonly loopback: boolean;
  readonly place: Place;
}

/** A value that should not be known, by name. The value itself is never kept. */
export interface Secret {
  readonly name: string;
  /** Whether the description holds the value itself, instead of saying where it is. */
  readonly literal: boolean;
  readonly place: Place;
}

export interface Mount {
  /** Path on the host, or the name of a volume. */
  readonly source: string;
  readonly kind: 'socket' | 'host' | 'volume';
  readonly writable: boolean;
  readonly place: Place;
}

/** A service of Compose, or a workload of Kubernetes. */
export interface Service {
  readonly name: string;
  readonly platform: 'compose' | 'kubernetes';
  readonly place: Place;
  readonly images: readonly { readonly image: string; readonly place: Place }[];
  readonly role: Role;
  readonly replicas: number;
  readonly ports: readonly PublishedPort[];
  /** Whether it is meant to be reached from the internet: a proxy, an Ingress, a load balancer. */
  readonly entry: boolean;
  /** Ids of the networks that it is in. */
  readonly networks: readonly string[];
  /** The only services that may connect to it; null where a network decides. */
  readonly allowedFrom: readonly string[] | null;
  readonly secrets: readonly Secret[];
  readonly mounts: readonly Mount[];
  readonly privileged: boolean;
  readonly capabilities: readonly string[];
  /** Gives up every capability. */
  readonly dropsAll: boolean;
  /** Namespaces of the host that it is in: `network`, `pid`, `ipc`. */
  readonly hostNamespaces: readonly string[];
  /** Said to run as a user that is not root; null where nothing is said. */
  readonly rootless: boolean | null;
  readonly readOnly: boolean;
  readonly memoryLimit: boolean;
  readonly healthcheck: boolean;
}

/** One service uses another. */
export interface Connection {
  readonly from: string;
  readonly to: string;
  readonly by: 'depends_on' | 'links' | 'address';
  /** Null where nothing is said. */
  readonly encrypted: boolean | null;
  /** Whether the one that connects holds a credential. */
  readonly credential: boolean;
  readonly place: Place;
}

/** A service uses what the description does not have. */
export interface External {
  readonly from: string;
  readonly host: string;
  readonly encrypted: boolean | null;
  readonly place: Place;
}

/** A name that a service depends on, and that no service has. */
export interface Dangling {
  readonly from: string;
  readonly to: string;
  readonly place: Place;
}

export const criticalities = ['low', 'medium', 'high', 'critical'] as const;
export type Criticality = (typeof criticalities)[number];

export interface Cost {
  readonly service: string;
  readonly monthly: number;
  readonly criticality: Criticality | null;
  /** Part of the revenue that needs this service itself, from 0 to 1. */
  readonly revenueShare: number;
  readonly place: Place;
}
export interface Costs {
  readonly file: string;
  readonly currency: string;
  readonly revenueMonthly: number | null;
  readonly services: readonly Cost[];
}

export interface Control {
  readonly id: string;
  readonly title: string;
  readonly status: (typeof controlStates)[number];
  /** `file` or `file#section`, relative to the subject. */
  readonly evidence: string | null;
  readonly check: ControlCheck | null;
  readonly severity: Severity;
  readonly appliesTo: readonly string[] | null;
  readonly place: Place;
}
/** What the description itself can show about a control. */
export const controlChecks = [
  'no-published-stores',
  'no-privileged',
  'no-docker-socket',
  'no-literal-secrets',
  'pinned-images',
  'rootless',
  'memory-limits',
  'healthchecks',
  'encrypted-connections',
  'redundant',
] as const;
export type ControlCheck = (typeof controlChecks)[number];

export interface Compliance {
  readonly file: string;
  readonly framework: string | null;
  readonly controls: readonly Control[];
}

export interface DataClass {
  readonly name: string;
  readonly classification: Classification;
  readonly storedIn: readonly string[];
  readonly readBy: readonly string[];
  readonly writtenBy: readonly string[];
  /** Hosts outside the description that may get it. */
  readonly sentTo: readonly string[];
  readonly encryptedAtRest: boolean | null;
  readonly place: Place;
}
export interface Data {
  readonly file: string;
  readonly classes: readonly DataClass[];
}

/** All that a subject says about an infrastructure. Lists are in an order that does not depend on the machine. */
export interface Description {
  readonly services: readonly Service[];
  readonly connections: readonly Connection[];
  readonly external: readonly External[];
  readonly dangling: readonly Dangling[];
  readonly documents: readonly Document[];
  readonly costs: Costs | null;
  readonly compliance: Compliance | null;
  readonly data: Data | null;
  readonly unread: readonly Unread[];
  /** Files that were read, by what for. */
  readonly read: readonly { readonly file: string; readonly format: Format }[];
  /** Every file of the subject, read or not. */
  readonly files: ReadonlySet<string>;
}
