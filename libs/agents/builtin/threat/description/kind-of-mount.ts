import type { Mount } from './description.js';

/** What is mounted: the socket of a container engine, a path of the host, or a volume. */
export const kindOfMount = (source: string, isPath: boolean): Mount['kind'] =>
  /(?:docker|containerd|crio|podman)\.sock$/.test(source) ? 'socket' : isPath ? 'host' : 'volume';
